package org.macekv.serialization;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The forms of what holds no other objects: boxes, texts, numbers, arrays of primitives, times. */
final class BinaryScalars {
  private final Map<Class<?>, BinaryForm<?>> forms = new HashMap<>();

  private BinaryScalars() {
    addBoxes();
    addObjects();
    addIntegerArrays();
    addOtherArrays();
    BinaryTimes.addTo(forms);
  }

  /** By their types. The simple names of these are different. */
  static Map<Class<?>, BinaryForm<?>> all() {
    return Map.copyOf(new BinaryScalars().forms);
  }

  /** A form of parts that may not be null. */
  record Plain<T>(BiConsumer<BinaryOutput, T> writer, Function<BinaryInput, T> reader)
      implements BinaryForm<T> {
    @Override
    public void write(BinaryOutput output, T value) {
      writer.accept(output, value);
    }

    @Override
    public T read(BinaryInput input) {
      return reader.apply(input);
    }
  }

  /**
   * A form that begins with a count.
   *
   * @param writer for what is not null
   * @param reader also for null
   */
  record Counted<T>(BiConsumer<BinaryOutput, T> writer, Function<BinaryInput, @Nullable T> reader)
      implements CountedBinaryForm<T> {
    @Override
    public void writeNullable(BinaryOutput output, @Nullable T value) {
      if (value == null) {
        output.writeNull();
      } else {
        writer.accept(output, value);
      }
    }

    @Override
    public @Nullable T readNullable(BinaryInput input) {
      return reader.apply(input);
    }
  }

  /** Fills one element of an array. */
  private interface ElementReader<A> {
    void read(BinaryInput input, A array, int index);
  }

  private void addBoxes() {
    plain(Boolean.class, (out, v) -> out.writeBoolean(v), BinaryInput::readBoolean);
    plain(Byte.class, (out, v) -> out.writeByte(v), BinaryInput::readByte);
    plain(Short.class, (out, v) -> out.writeShort(v), BinaryInput::readShort);
    plain(Character.class, (out, v) -> out.writeChar(v), BinaryInput::readChar);
    plain(Integer.class, (out, v) -> out.writeInt(v), BinaryInput::readInt);
    plain(Long.class, (out, v) -> out.writeLong(v), BinaryInput::readLong);
    plain(Float.class, (out, v) -> out.writeFloat(v), BinaryInput::readFloat);
    plain(Double.class, (out, v) -> out.writeDouble(v), BinaryInput::readDouble);
  }

  private void addObjects() {
    counted(String.class, BinaryOutput::writeText, BinaryInput::readText);
    counted(byte[].class, BinaryOutput::writeCountedBytes, BinaryInput::readCountedBytes);
    Counted<BigInteger> integers =
        new Counted<>(
            (out, v) -> out.writeCountedBytes(v.toByteArray()), BinaryScalars::readBigInteger);
    forms.put(BigInteger.class, integers);
    plain(
        BigDecimal.class,
        (out, v) -> {
          out.writeInt(v.scale());
          integers.write(out, v.unscaledValue());
        },
        in -> {
          int scale = in.readInt();
          return new BigDecimal(integers.read(in), scale);
        });
    plain(
        UUID.class,
        (out, v) -> {
          out.writeFixedLong(v.getMostSignificantBits());
          out.writeFixedLong(v.getLeastSignificantBits());
        },
        in -> new UUID(in.readFixedLong(), in.readFixedLong()));
  }

  private static @Nullable BigInteger readBigInteger(BinaryInput input) {
    byte[] bytes = input.readCountedBytes();
    return bytes == null ? null : new BigInteger(bytes);
  }

  private void addIntegerArrays() {
    counted(
        short[].class,
        (out, array) -> {
          out.writeCount(array.length);
          for (short each : array) {
            out.writeShort(each);
          }
        },
        in -> array(in, Short.BYTES, short[]::new, (from, a, i) -> a[i] = from.readShort()));
    counted(
        char[].class,
        (out, array) -> {
          out.writeCount(array.length);
          for (char each : array) {
            out.writeChar(each);
          }
        },
        in -> array(in, Character.BYTES, char[]::new, (from, a, i) -> a[i] = from.readChar()));
    counted(
        int[].class,
        (out, array) -> {
          out.writeCount(array.length);
          for (int each : array) {
            out.writeFixedInt(each);
          }
        },
        in -> array(in, Integer.BYTES, int[]::new, (from, a, i) -> a[i] = from.readFixedInt()));
    counted(
        long[].class,
        (out, array) -> {
          out.writeCount(array.length);
          for (long each : array) {
            out.writeFixedLong(each);
          }
        },
        in -> array(in, Long.BYTES, long[]::new, (from, a, i) -> a[i] = from.readFixedLong()));
  }

  private void addOtherArrays() {
    counted(
        boolean[].class,
        (out, array) -> {
          out.writeCount(array.length);
          for (boolean each : array) {
            out.writeBoolean(each);
          }
        },
        in -> array(in, 1, boolean[]::new, (from, a, i) -> a[i] = from.readBoolean()));
    counted(
        float[].class,
        (out, array) -> {
          out.writeCount(array.length);
          for (float each : array) {
            out.writeFloat(each);
          }
        },
        in -> array(in, Float.BYTES, float[]::new, (from, a, i) -> a[i] = from.readFloat()));
    counted(
        double[].class,
        (out, array) -> {
          out.writeCount(array.length);
          for (double each : array) {
            out.writeDouble(each);
          }
        },
        in -> array(in, Double.BYTES, double[]::new, (from, a, i) -> a[i] = from.readDouble()));
  }

  private static <A> @Nullable A array(
      BinaryInput input, int elementBytes, IntFunction<A> maker, ElementReader<A> reader) {
    int length = input.readCount(elementBytes);
    if (length < 0) {
      return null;
    }
    A array = maker.apply(length);
    for (int i = 0; i < length; i++) {
      reader.read(input, array, i);
    }
    return array;
  }

  private <T> void plain(
      Class<T> type, BiConsumer<BinaryOutput, T> writer, Function<BinaryInput, T> reader) {
    forms.put(type, new Plain<>(writer, reader));
  }

  private <T> void counted(
      Class<T> type,
      BiConsumer<BinaryOutput, T> writer,
      Function<BinaryInput, @Nullable T> reader) {
    forms.put(type, new Counted<>(writer, reader));
  }
}
