package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Stores a record as its components in the order of their names, and makes it again through the
 * canonical constructor, with whatever that checks.
 */
final class RecordSerializer extends ValueSerializer<Object> {
  private final List<StoredField> components;
  private final int[] constructorIndexes;
  private final MethodHandle constructor;

  RecordSerializer(Class<?> type) {
    RecordComponent[] declared = type.getRecordComponents();
    this.constructorIndexes =
        IntStream.range(0, declared.length)
            .boxed()
            .sorted(Comparator.comparing(i -> declared[i].getName()))
            .mapToInt(Integer::intValue)
            .toArray();
    this.components =
        Arrays.stream(constructorIndexes).mapToObj(i -> component(declared[i])).toList();
    this.constructor = canonicalConstructor(type, declared);
  }

  /** What the catalog knows the record by, beside the class name. */
  List<StoredField> fields() {
    return components;
  }

  @Override
  void write(Kryo kryo, ValueOutput output, Object value) {
    GraphReferences references = (GraphReferences) kryo.getReferenceResolver();
    references.begin(value);
    for (StoredField component : components) {
      component.write(kryo, output, value);
    }
    references.end();
  }

  @Override
  Object read(Kryo kryo, ValueInput input) {
    @Nullable Object[] arguments = new @Nullable Object[constructorIndexes.length];
    for (int i = 0; i < constructorIndexes.length; i++) {
      arguments[constructorIndexes[i]] = components.get(i).read(kryo, input);
    }
    return construct(arguments);
  }

  private Object construct(@Nullable Object[] arguments) {
    try {
      return constructor.invokeExact(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static StoredField component(RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      MethodHandle getter = MethodHandles.lookup().unreflect(component.getAccessor());
      return new StoredField(component.getName(), component.getType(), getter);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // it was made accessible
    }
  }

  private static MethodHandle canonicalConstructor(Class<?> type, RecordComponent[] declared) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectConstructor(constructor)
          .asSpreader(Object[].class, declared.length)
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // every record has one
    }
  }
}
