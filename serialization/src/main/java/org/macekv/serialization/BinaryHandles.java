package org.macekv.serialization;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Composes the two method handles of a {@link BinaryRecord} from those of its components. */
final class BinaryHandles {
  private static final MethodHandle WRITE_OBJECT =
      find(
          BinaryForm.class,
          "writeNullable",
          MethodType.methodType(void.class, BinaryOutput.class, Object.class));
  private static final MethodHandle READ_OBJECT =
      find(
          BinaryForm.class, "readNullable", MethodType.methodType(Object.class, BinaryInput.class));

  private static final Map<Class<?>, Part> PRIMITIVES =
      Map.of(
          boolean.class, partOf(boolean.class, "Boolean"),
          byte.class, partOf(byte.class, "Byte"),
          short.class, partOf(short.class, "Short"),
          char.class, partOf(char.class, "Char"),
          int.class, partOf(int.class, "Int"),
          long.class, partOf(long.class, "Long"),
          float.class, partOf(float.class, "Float"),
          double.class, partOf(double.class, "Double"));

  private BinaryHandles() {}

  /**
   * How a component is written and read.
   *
   * @param writer takes the output and the component
   * @param reader takes the input and gives the component
   */
  record Part(MethodHandle writer, MethodHandle reader) {}

  /** Of a component of a primitive type. */
  static @Nullable Part primitive(Class<?> type) {
    return PRIMITIVES.get(type);
  }

  /** Of a component of another type, which may be null. */
  static Part object(Class<?> type, BinaryForm<?> form) {
    return new Part(
        WRITE_OBJECT
            .bindTo(form)
            .asType(MethodType.methodType(void.class, BinaryOutput.class, type)),
        READ_OBJECT.bindTo(form).asType(MethodType.methodType(type, BinaryInput.class)));
  }

  /**
   * The form of a record.
   *
   * @param parts of the components, as they are declared
   * @throws IllegalArgumentException if there are more components than a method handle takes
   */
  static BinaryRecord record(Class<?> type, RecordComponent[] components, List<Part> parts) {
    return new BinaryRecord(writer(type, components, parts), reader(type, components, parts));
  }

  /** The writers one behind the other, each over what its accessor gives. */
  private static MethodHandle writer(
      Class<?> type, RecordComponent[] components, List<Part> parts) {
    MethodHandle all =
        MethodHandles.empty(MethodType.methodType(void.class, BinaryOutput.class, type));
    for (int i = components.length - 1; i >= 0; i--) {
      MethodHandle one =
          MethodHandles.filterArguments(
              parts.get(i).writer(), 1, RecordAccess.getter(components[i]));
      all = MethodHandles.foldArguments(all, one);
    }
    return all.asType(MethodType.methodType(void.class, BinaryOutput.class, Object.class));
  }

  /** The constructor over what the readers give, which are called from left to right. */
  private static MethodHandle reader(
      Class<?> type, RecordComponent[] components, List<Part> parts) {
    MethodHandle constructor = RecordAccess.constructor(type, components);
    MethodHandle[] readers = parts.stream().map(Part::reader).toArray(MethodHandle[]::new);
    MethodHandle apart = MethodHandles.filterArguments(constructor, 0, readers);
    return MethodHandles.permuteArguments(
            apart,
            MethodType.methodType(type, BinaryInput.class),
            new int[components.length]) // all of them are the one input
        .asType(MethodType.methodType(Object.class, BinaryInput.class));
  }

  private static Part partOf(Class<?> type, String name) {
    return new Part(
        find(BinaryOutput.class, "write" + name, MethodType.methodType(void.class, type)),
        find(BinaryInput.class, "read" + name, MethodType.methodType(type)));
  }

  private static MethodHandle find(Class<?> owner, String name, MethodType type) {
    try {
      return MethodHandles.lookup().findVirtual(owner, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // they are in this package
    }
  }
}
