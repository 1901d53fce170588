package org.macekv.serialization;

import java.lang.invoke.MethodHandle;

/**
 * The form of a record: its components one behind the other, in the order of their declaration.
 *
 * <p>For the maintainer: each of the two handles does the whole work, the accessors and the
 * constructor included, without an array of arguments or a box. The JDK compiles a handle that is
 * called often as if it was a constant, with all the handles and forms that are bound in it.
 *
 * @param writer takes the output and the record
 * @param reader takes the input and gives the record
 */
record BinaryRecord(MethodHandle writer, MethodHandle reader) implements BinaryForm<Object> {

  @Override
  public void write(BinaryOutput output, Object value) {
    try {
      writer.invokeExact(output, value);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Object read(BinaryInput input) {
    try {
      return reader.invokeExact(input);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
