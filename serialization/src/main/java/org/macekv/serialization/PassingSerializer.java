package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;

/** Passes over an object of a class that is not known, of which the form is. */
final class PassingSerializer extends ValueSerializer<Object> {
  private final StoredForm form;

  PassingSerializer(StoredForm form) {
    this.form = form;
  }

  @Override
  void write(Kryo kryo, ValueOutput output, Object value) {
    throw new IllegalStateException("an object of " + form.className() + " is not written");
  }

  @Override
  Object read(Kryo kryo, ValueInput input) {
    Object standIn = new Object();
    kryo.reference(standIn);
    for (StoredForm.Field field : form.fields()) {
      FieldKind.of(field.typeName()).read(kryo, input);
    }
    return standIn;
  }
}
