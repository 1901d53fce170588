package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.google.errorprone.annotations.Immutable;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the value of a field is stored, which depends on its declared type: the eight primitive ones
 * and strings in place, anything else as an object with its class.
 */
enum FieldKind {
  BOOLEAN(boolean.class, (kryo, in) -> ScalarTypes.readBoolean(in)),
  BYTE(byte.class, (kryo, in) -> in.readByte()),
  SHORT(short.class, (kryo, in) -> in.readShort()),
  CHAR(char.class, (kryo, in) -> in.readChar()),
  INT(int.class, (kryo, in) -> in.readVarInt(false)),
  LONG(long.class, (kryo, in) -> in.readVarLong(false)),
  FLOAT(float.class, (kryo, in) -> in.readFloat()),
  DOUBLE(double.class, (kryo, in) -> in.readDouble()),
  TEXT(String.class, (kryo, in) -> in.readText()),
  OBJECT(Object.class, Kryo::readClassAndObject);

  private static final Map<String, FieldKind> BY_TYPE_NAME =
      Stream.of(values())
          .filter(kind -> kind != OBJECT)
          .collect(Collectors.toMap(kind -> kind.type.getTypeName(), Function.identity()));

  private final Class<?> type;
  private final Reader reader;

  FieldKind(Class<?> type, Reader reader) {
    this.type = type;
    this.reader = reader;
  }

  /** Reads a value. */
  @Immutable
  @FunctionalInterface
  private interface Reader {
    @Nullable Object read(Kryo kryo, ValueInput input);
  }

  /** The kind of a field whose declared type has this name. */
  static FieldKind of(String typeName) {
    return BY_TYPE_NAME.getOrDefault(typeName, OBJECT);
  }

  /** The class of the values of a type: its box, if it is primitive. */
  static Class<?> box(Class<?> type) {
    return MethodType.methodType(type).wrap().returnType();
  }

  @Nullable Object read(Kryo kryo, ValueInput input) {
    return reader.read(kryo, input);
  }
}
