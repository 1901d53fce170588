package org.macekv.serialization;

import org.jspecify.annotations.Nullable;

/**
 * Stands for the form of a record within itself, which is not there yet when its components are
 * looked at. Every way around a cycle of types leads through one of these, so the depth of a value
 * is counted here and nowhere else.
 */
final class RecursiveBinaryForm implements BinaryForm<Object> {
  /** Set once, before the serializer is handed out through a final field. */
  private @Nullable BinaryForm<Object> whole;

  void complete(BinaryForm<Object> form) {
    whole = form;
  }

  @Override
  public void write(BinaryOutput output, Object value) {
    output.enter();
    whole().write(output, value);
    output.leave();
  }

  @Override
  public Object read(BinaryInput input) {
    input.enter();
    Object value = whole().read(input);
    input.leave();
    return value;
  }

  private BinaryForm<Object> whole() {
    BinaryForm<Object> form = whole;
    if (form == null) {
      throw new IllegalStateException("used before it was complete");
    }
    return form;
  }
}
