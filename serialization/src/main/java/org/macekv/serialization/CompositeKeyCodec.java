package org.macekv.serialization;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records as keys: the components in the order of their declaration. What has no fixed length is
 * {@linkplain TerminatedBytes terminated}, but for the last.
 */
final class CompositeKeyCodec<K> implements KeyCodec<K> {
  private final String id;
  private final Class<K> type;
  private final List<Part> parts;
  private final MethodHandle constructor;
  private final int fixedLength;
  private final boolean prefixFree;

  /** One component. */
  private record Part(
      String name, MethodHandle getter, KeyCodec<Object> codec, boolean terminated) {
    @Nullable Object of(Object key) {
      try {
        return (@Nullable Object) getter.invokeExact(key);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    boolean mayBeNull() {
      return codec instanceof NullsFirstKeyCodec
          || (codec instanceof ReversedKeyCodec<Object> reversed
              && reversed.forward() instanceof NullsFirstKeyCodec);
    }

    @SuppressWarnings("NullAway") // a codec that takes null is asked about it, and no other
    byte[] encode(@Nullable Object value) {
      if (value == null && !mayBeNull()) {
        throw new NullPointerException(
            "component '" + name + "' of a key is null; KeyCodecs.nullsFirst permits that");
      }
      byte[] bytes = codec.encode(value);
      return terminated ? TerminatedBytes.encode(bytes) : bytes;
    }

    @SuppressWarnings("NullAway") // as above
    int compare(Object a, Object b) {
      return codec.comparator().compare(of(a), of(b));
    }
  }

  /**
   * A codec.
   *
   * @param kind what the id begins with
   * @param named whether the id has the names of the components
   * @param type a record
   * @param codecs of its components, by their index
   */
  @SuppressWarnings("unchecked") // each codec is given only what its component has
  CompositeKeyCodec(String kind, boolean named, Class<K> type, IntFunction<KeyCodec<?>> codecs) {
    RecordComponent[] declared = type.getRecordComponents();
    if (declared.length == 0) {
      throw new IllegalArgumentException(type.getName() + " has no components to be a key of");
    }
    this.type = type;
    List<Part> all = new ArrayList<>();
    for (int i = 0; i < declared.length; i++) {
      KeyCodec<Object> codec = (KeyCodec<Object>) codecs.apply(i);
      MethodHandle getter =
          RecordAccess.getter(declared[i])
              .asType(MethodType.methodType(Object.class, Object.class));
      boolean terminated = i < declared.length - 1 && codec.fixedLength() < 0;
      all.add(new Part(declared[i].getName(), getter, codec, terminated));
    }
    this.parts = List.copyOf(all);
    this.constructor = RecordAccess.canonicalConstructor(type, declared);
    this.id =
        parts.stream()
            .map(part -> (named ? part.name + ":" : "") + part.codec.id())
            .collect(Collectors.joining(",", kind + "(", ")"));
    boolean fixed = parts.stream().allMatch(part -> part.codec.fixedLength() >= 0);
    this.fixedLength = fixed ? parts.stream().mapToInt(part -> part.codec.fixedLength()).sum() : -1;
    this.prefixFree = parts.get(parts.size() - 1).codec.prefixFree();
  }

  @Override
  public byte[] encode(K key) {
    byte[][] encoded = new byte[parts.size()][];
    for (int i = 0; i < encoded.length; i++) {
      Part part = parts.get(i);
      encoded[i] = part.encode(part.of(type.cast(key)));
    }
    return joined(encoded);
  }

  /** Of the first components, but not of all. */
  @Override
  public byte[] encodePrefix(Object... prefix) {
    if (prefix.length == 0 || prefix.length >= parts.size()) {
      throw new IllegalArgumentException(
          "a prefix of a key of "
              + parts.size()
              + " components has 1 to "
              + (parts.size() - 1)
              + " of them, and not "
              + prefix.length);
    }
    byte[][] encoded = new byte[prefix.length][];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = parts.get(i).encode(prefix[i]);
    }
    return joined(encoded);
  }

  private static byte[] joined(byte[][] arrays) {
    int length = 0;
    for (byte[] each : arrays) {
      length += each.length;
    }
    byte[] result = new byte[length];
    int at = 0;
    for (byte[] each : arrays) {
      System.arraycopy(each, 0, result, at, each.length);
      at += each.length;
    }
    return result;
  }

  @Override
  public K decode(byte[] bytes) {
    @Nullable Object[] components = new @Nullable Object[parts.size()];
    int at = 0;
    for (int i = 0; i < components.length; i++) {
      Part part = parts.get(i);
      int fixed = part.codec.fixedLength();
      int end =
          part.terminated
              ? TerminatedBytes.end(bytes, at)
              : i == components.length - 1 ? bytes.length : at + fixed;
      if (end > bytes.length) {
        throw new SerializationException(
            "malformed " + id + ": ends in component '" + part.name + "'");
      }
      byte[] own =
          part.terminated
              ? TerminatedBytes.decode(bytes, at, end)
              : Arrays.copyOfRange(bytes, at, end);
      components[i] = part.codec.decode(own);
      at = end;
    }
    return type.cast(constructed(components));
  }

  private Object constructed(@Nullable Object[] components) {
    try {
      return RecordAccess.construct(constructor, components);
    } catch (RuntimeException e) {
      throw new SerializationException(
          "the constructor of " + type.getName() + " refuses a key that was stored", e);
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Comparator<? super K> comparator() {
    return this::compare;
  }

  private int compare(K a, K b) {
    for (Part part : parts) {
      int order = part.compare(a, b);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @Override
  public Class<K> type() {
    return type;
  }

  @Override
  public boolean prefixFree() {
    return prefixFree;
  }

  @Override
  public int fixedLength() {
    return fixedLength;
  }

  @Override
  public String toString() {
    return id;
  }
}
