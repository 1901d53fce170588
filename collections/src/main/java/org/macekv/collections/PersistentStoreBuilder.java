package org.macekv.collections;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.macekv.Mace;
import org.macekv.option.MaceOptions;
import org.macekv.serialization.Evolution;

/**
 * How a {@link PersistentStore} is opened; got from {@link PersistentStore#builder}, {@link
 * PersistentStore#inMemoryBuilder} or {@link PersistentStore#temporaryBuilder}. Not thread-safe;
 * may be used again.
 */
public final class PersistentStoreBuilder {
  private final Function<MaceOptions, Mace> opener;
  private final List<Class<?>> registered = new ArrayList<>();
  private MaceOptions options = MaceOptions.defaults();
  private Evolution evolution = Evolution.none();
  private long readCacheBytes = Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 16);
  private int readCacheLeastValueBytes = 256;
  private boolean detectChangesInPlace;

  PersistentStoreBuilder(Function<MaceOptions, Mace> opener) {
    this.opener = opener;
  }

  /** With these options of the engine; without, with the defaults. */
  public PersistentStoreBuilder options(MaceOptions newOptions) {
    this.options = Objects.requireNonNull(newOptions, "options");
    return this;
  }

  /**
   * Allows instances of {@code classes} in values, a sealed one with all its subclasses. A class
   * that a collection is opened with need not be named, nor those that its fields are declared to
   * have; others do, such as subclasses. See {@link org.macekv.serialization.KryoSerialization}.
   * The order means nothing.
   */
  public PersistentStoreBuilder register(Class<?>... classes) {
    registered.addAll(List.of(classes));
    return this;
  }

  /**
   * How the classes of values have changed since values were stored, where names don't tell it. A
   * collection of which values can't be read any more is refused when it is opened.
   */
  public PersistentStoreBuilder evolution(Evolution newEvolution) {
    this.evolution = Objects.requireNonNull(newEvolution, "newEvolution");
    return this;
  }

  /**
   * With about so much heap for decoded values, of all collections together; 0 for none. Without, a
   * sixteenth of the largest heap. It is beside what the engine takes for its nodes ({@link
   * MaceOptions#cacheBytes()}). What is read with {@code get} comes from there if the store still
   * has the same version of it: it never shows what the engine would not. Iterating decodes anew.
   *
   * <p>What it holds is shared by all readers. So it takes, of maps and entities, values of classes
   * that are immutable as far as can be seen: boxed primitives, strings, {@code java.time}, {@code
   * UUID}, {@code BigInteger}, {@code BigDecimal}, {@code URI}, {@code Locale}, {@code Currency},
   * enums, records of such (and of sealed types that only such extend), and what is annotated with
   * {@link ImmutableValue}; and what a map's definition says it of ({@link
   * MapDefinition#withSharedValues()}). Of all others each reader gets an instance of its own.
   */
  public PersistentStoreBuilder readCacheBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("readCacheBytes is " + bytes + ", expected 0 or more");
    }
    this.readCacheBytes = bytes;
    return this;
  }

  /**
   * Values of fewer bytes are decoded for each read: 0 or more, 256 without this. To decode a small
   * value takes less time than to look for it in the read cache (measured for records of 65 bytes
   * by Kryo; see the README). Less is good where decoding is slow, as of JSON.
   */
  public PersistentStoreBuilder readCacheLeastValueBytes(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "readCacheLeastValueBytes is " + bytes + ", expected 0 or more");
    }
    this.readCacheLeastValueBytes = bytes;
    return this;
  }

  /**
   * Looks for values that are changed in place after they were stored or read, which changes
   * nothing in the store: the next {@code get} of such a value throws a {@link
   * ChangedInPlaceException}, and closing the store logs what is left. For tests: each read decodes
   * and encodes. Needs a read cache; serializers must give the same bytes for the same instance.
   */
  public PersistentStoreBuilder detectChangesInPlace(boolean detect) {
    this.detectChangesInPlace = detect;
    return this;
  }

  private @Nullable ReadCache readCache() {
    if (readCacheBytes == 0) {
      if (detectChangesInPlace) {
        throw new IllegalArgumentException(
            "detectChangesInPlace needs a read cache, and readCacheBytes is 0");
      }
      return null;
    }
    return new ReadCache(
        readCacheBytes,
        readCacheLeastValueBytes,
        detectChangesInPlace ? new ChangeDetector() : null);
  }

  /** Opens the store and creates it if need be; throws what {@link Mace#open} throws. */
  public PersistentStore open() {
    ReadCache readCache = readCache();
    return PersistentStore.over(opener.apply(options), registered, evolution, readCache);
  }
}
