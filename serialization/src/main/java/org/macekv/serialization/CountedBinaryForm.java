package org.macekv.serialization;

import org.jspecify.annotations.Nullable;

/**
 * What begins with a count: it is written plus one, so that 0 stands for null and no other byte is
 * needed for that.
 *
 * @param <T> as in {@link BinaryForm}
 */
interface CountedBinaryForm<T> extends BinaryForm<T> {

  @Override
  void writeNullable(BinaryOutput output, @Nullable T value);

  @Override
  @Nullable T readNullable(BinaryInput input);

  @Override
  default void write(BinaryOutput output, T value) {
    writeNullable(output, value);
  }

  @Override
  default T read(BinaryInput input) {
    T value = readNullable(input);
    if (value == null) {
      throw new ValueException("malformed: null where a value is expected");
    }
    return value;
  }
}
