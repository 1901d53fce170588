package org.macekv.serialization;

import org.jspecify.annotations.Nullable;

/**
 * How one type is written by {@link BinarySerializer}, as {@code docs/format.md} has it under
 * Values.
 *
 * <p>For the maintainer: the forms are records wherever that is possible. The JIT compiler trusts
 * the final fields of records and of no other classes, so that what hangs together through them is
 * compiled as one piece once the outermost form is a constant, as it is in a bound method handle.
 *
 * @param <T> the type, or what stands for it after erasure
 */
interface BinaryForm<T> {

  void write(BinaryOutput output, T value);

  T read(BinaryInput input);

  /** Where null may stand: in components, elements, keys and values. Takes one byte at least. */
  default void writeNullable(BinaryOutput output, @Nullable T value) {
    output.writeBoolean(value != null);
    if (value != null) {
      write(output, value);
    }
  }

  /** What {@link #writeNullable} wrote. */
  default @Nullable T readNullable(BinaryInput input) {
    return input.readBoolean() ? read(input) : null;
  }
}
