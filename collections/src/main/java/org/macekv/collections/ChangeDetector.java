package org.macekv.collections;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Knows of each key the instance that was stored or handed out last, as long as somebody has it,
 * and what its bytes were; so it finds out that it was changed since. For tests. Thread-safe.
 */
final class ChangeDetector {
  /** About how many bytes of forms are kept at the most. */
  private static final long MOST_BYTES = 64 << 20;

  private final Cache<ReadCache.Key, Known> instances =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((ReadCache.Key key, Known known) -> 100 + key.key().length + known.weight())
          .executor(Runnable::run)
          .build();

  /**
   * An instance.
   *
   * @param instance the instance
   * @param stored the bytes that the store has, or will have, of it
   * @param form what it was serialized to, by {@code serializer}, which may be another form
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Known(
      WeakReference<Object> instance,
      byte[] stored,
      byte[] form,
      Function<Object, byte[]> serializer,
      String what) {
    int weight() {
      return stored.length + form.length;
    }

    boolean isChanged() {
      Object present = instance.get();
      return present != null && !Arrays.equals(form, serializer.apply(present));
    }

    String describe() {
      Object present = instance.get();
      return what
          + " ("
          + (present == null ? "collected" : present.getClass().getName())
          + "): an instance that was stored, or read, was changed in place afterwards; the store"
          + " has what it was before. Put the changed value, or a changed copy";
    }
  }

  /** From now on this is the instance of a key. */
  void isNow(
      ReadCache.Key key,
      Object instance,
      byte[] stored,
      Function<Object, byte[]> serializer,
      String what) {
    byte[] form = serializer.apply(instance);
    instances.put(key, new Known(new WeakReference<>(instance), stored, form, serializer, what));
  }

  /**
   * Called when the store has {@code stored} for a key.
   *
   * @throws ChangedInPlaceException if it was stored for, or read as, an instance that is not the
   *     same any more
   */
  void check(ReadCache.Key key, byte[] stored) {
    Known known = instances.getIfPresent(key);
    if (known != null && Arrays.equals(known.stored, stored) && known.isChanged()) {
      instances.invalidate(key); // said once
      throw new ChangedInPlaceException(known.describe());
    }
  }

  /** Looks at all there are, and says what it found. */
  @Nullable ChangedInPlaceException checkAll() {
    ChangedInPlaceException first = null;
    for (Known known : instances.asMap().values()) {
      if (known.isChanged()) {
        ChangedInPlaceException found = new ChangedInPlaceException(known.describe());
        if (first == null) {
          first = found;
        } else {
          first.addSuppressed(found);
        }
      }
    }
    return first;
  }
}
