package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Stores a record as its components in the order of their names, and makes it again through the
 * canonical constructor, with whatever that checks.
 */
final class RecordSerializer extends ValueSerializer<Object> implements EvolvedSerializer.Form {
  /** What a component of a primitive type has by default; one of another type has null. */
  private static final Map<Class<?>, Object> ZEROS =
      Map.of(
          boolean.class,
          false,
          byte.class,
          (byte) 0,
          short.class,
          (short) 0,
          char.class,
          '\0',
          int.class,
          0,
          long.class,
          0L,
          float.class,
          0f,
          double.class,
          0d);

  private final Class<?> type;
  private final List<StoredFields.Field> fields;
  private final List<StoredField> components;
  private final int[] constructorIndexes;
  private final MethodHandle constructor;

  RecordSerializer(Class<?> type) {
    this.type = type;
    this.fields = StoredFields.of(type);
    RecordComponent[] declared = type.getRecordComponents();
    this.constructorIndexes =
        IntStream.range(0, declared.length)
            .boxed()
            .sorted(Comparator.comparing(i -> declared[i].getName()))
            .mapToInt(Integer::intValue)
            .toArray();
    this.components =
        Arrays.stream(constructorIndexes).mapToObj(i -> component(declared[i])).toList();
    this.constructor = RecordAccess.canonicalConstructor(type, declared);
  }

  @Override
  public Class<?> type() {
    return type;
  }

  @Override
  public List<StoredFields.Field> fields() {
    return fields;
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
    return input.orStandIn(() -> RecordAccess.construct(constructor, arguments));
  }

  @Override
  public @Nullable Object begin() {
    return null;
  }

  @Override
  public Object make(@Nullable Object begun, @Nullable Object[] values, boolean[] present) {
    @Nullable Object[] arguments = new @Nullable Object[values.length];
    for (int i = 0; i < values.length; i++) {
      arguments[constructorIndexes[i]] = present[i] ? values[i] : ZEROS.get(fields.get(i).type());
    }
    return RecordAccess.construct(constructor, arguments);
  }

  private static StoredField component(RecordComponent component) {
    return new StoredField(
        component.getName(), component.getType(), RecordAccess.getter(component));
  }
}
