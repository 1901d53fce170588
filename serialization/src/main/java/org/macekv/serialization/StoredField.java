package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * One field of a class, or component of a record: how it is read from an object and how its value
 * is stored. Whole numbers take fewer bytes the closer they are to zero; strings are stored in
 * place; all other objects with their class, whatever the declared type, so that the bytes don't
 * change their meaning when that class becomes final or gets subclasses.
 */
final class StoredField {
  private final String name;
  private final Class<?> type;
  private final FieldKind kind;
  private final MethodHandle getter;

  /**
   * @param getter takes the object and gives the field's value
   */
  StoredField(String name, Class<?> type, MethodHandle getter) {
    this.name = name;
    this.type = type;
    this.kind = FieldKind.of(type.getTypeName());
    Class<?> exact = type.isPrimitive() || type == String.class ? type : Object.class;
    this.getter = getter.asType(MethodType.methodType(exact, Object.class));
  }

  void write(Kryo kryo, ValueOutput output, Object owner) {
    try {
      writeValue(kryo, output, owner);
    } catch (RuntimeException e) {
      throw ValueException.at("." + name, e);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw ValueException.at("." + name, new IllegalStateException(e));
    }
  }

  // The casts fix the signatures of the exact calls: they must match the type chosen above.
  private void writeValue(Kryo kryo, ValueOutput output, Object owner) throws Throwable {
    if (type == String.class) {
      output.writeText((String) getter.invokeExact(owner));
    } else if (!type.isPrimitive()) {
      kryo.writeClassAndObject(output, (Object) getter.invokeExact(owner));
    } else if (type == int.class) {
      output.writeVarInt((int) getter.invokeExact(owner), false);
    } else if (type == long.class) {
      output.writeVarLong((long) getter.invokeExact(owner), false);
    } else if (type == boolean.class) {
      output.writeBoolean((boolean) getter.invokeExact(owner));
    } else if (type == double.class) {
      output.writeDouble((double) getter.invokeExact(owner));
    } else if (type == float.class) {
      output.writeFloat((float) getter.invokeExact(owner));
    } else if (type == byte.class) {
      output.writeByte((byte) getter.invokeExact(owner));
    } else if (type == short.class) {
      output.writeShort((short) getter.invokeExact(owner));
    } else {
      output.writeChar((char) getter.invokeExact(owner));
    }
  }

  @Nullable Object read(Kryo kryo, ValueInput input) {
    try {
      return readValue(kryo, input);
    } catch (RuntimeException e) {
      throw ValueException.at("." + name, e);
    }
  }

  private @Nullable Object readValue(Kryo kryo, ValueInput input) {
    @Nullable Object value = kind.read(kryo, input);
    return kind == FieldKind.OBJECT ? instance(value) : value;
  }

  private @Nullable Object instance(@Nullable Object value) {
    if (value != null && !type.isInstance(value)) {
      throw new ValueException(
          "malformed: " + value.getClass().getName() + " where " + type.getName() + " is declared");
    }
    return value;
  }
}
