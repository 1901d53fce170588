package org.macekv.serialization;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How arrays of primitives and of strings are stored, once and for all. */
final class ArrayTypes {
  private final List<StoredType> types = new ArrayList<>();

  private ArrayTypes() {
    addArrays();
  }

  static List<StoredType> all() {
    return new ArrayTypes().types;
  }

  private void addArrays() {
    object(byte[].class, ArrayTypes::writeBytes, in -> in.readBytes(in.readSize(1)));
    object(boolean[].class, ArrayTypes::writeBooleans, ArrayTypes::readBooleans);
    object(
        short[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeShorts(v, 0, v.length);
        },
        in -> in.readShorts(in.readSize(Short.BYTES)));
    object(
        char[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeChars(v, 0, v.length);
        },
        in -> in.readChars(in.readSize(Character.BYTES)));
    object(
        int[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeInts(v, 0, v.length);
        },
        in -> in.readInts(in.readSize(Integer.BYTES)));
    object(
        long[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeLongs(v, 0, v.length);
        },
        in -> in.readLongs(in.readSize(Long.BYTES)));
    object(
        float[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeFloats(v, 0, v.length);
        },
        in -> in.readFloats(in.readSize(Float.BYTES)));
    object(
        double[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeDoubles(v, 0, v.length);
        },
        in -> in.readDoubles(in.readSize(Double.BYTES)));
    object(String[].class, ArrayTypes::writeStrings, ArrayTypes::readStrings);
  }

  static void writeBytes(ValueOutput output, byte[] bytes) {
    output.writeSize(bytes.length);
    output.writeBytes(bytes, 0, bytes.length);
  }

  private static void writeBooleans(ValueOutput output, boolean[] values) {
    output.writeSize(values.length);
    for (boolean value : values) {
      output.writeBoolean(value);
    }
  }

  private static boolean[] readBooleans(ValueInput input) {
    boolean[] values = new boolean[input.readSize(1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = ScalarTypes.readBoolean(input);
    }
    return values;
  }

  private static void writeStrings(ValueOutput output, @Nullable String[] values) {
    output.writeSize(values.length);
    for (String value : values) {
      output.writeText(value);
    }
  }

  private static @Nullable String[] readStrings(ValueInput input) {
    @Nullable String[] values = new @Nullable String[input.readSize(1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = input.readText();
    }
    return values;
  }

  private <T> void object(
      Class<T> type, BiConsumer<ValueOutput, T> writer, Function<ValueInput, T> reader) {
    types.add(StoredType.object(type, writer, reader));
  }
}
