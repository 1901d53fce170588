package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.objenesis.instantiator.ObjectInstantiator;
import com.esotericsoftware.kryo.kryo5.objenesis.strategy.StdInstantiatorStrategy;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stores an object of a plain class as its fields, inherited ones included, in the order of their
 * names; static and transient ones are left out. The object is made again by the constructor
 * without parameters, private or not; where there is none, without any constructor.
 */
final class ObjectSerializer extends ValueSerializer<Object> implements EvolvedSerializer.Form {
  private final Class<?> type;
  private final List<StoredFields.Field> declared;
  private final List<StoredField> fields = new ArrayList<>();
  private final List<MethodHandle> setters = new ArrayList<>();
  private final ObjectInstantiator<?> instantiator;

  ObjectSerializer(Class<?> type) {
    this.type = type;
    this.declared = StoredFields.of(type);
    for (StoredFields.Field each : declared) {
      add(Objects.requireNonNull(each.reflected()), each.name());
    }
    this.instantiator = instantiator(type);
  }

  @Override
  public Class<?> type() {
    return type;
  }

  @Override
  public List<StoredFields.Field> fields() {
    return declared;
  }

  @Override
  void write(Kryo kryo, ValueOutput output, Object value) {
    for (StoredField field : fields) {
      field.write(kryo, output, value);
    }
  }

  @Override
  Object read(Kryo kryo, ValueInput input) {
    Object object = instantiator.newInstance();
    kryo.reference(object);
    for (int i = 0; i < setters.size(); i++) {
      @Nullable Object value = fields.get(i).read(kryo, input);
      set(setters.get(i), object, value);
    }
    return object;
  }

  @Override
  public Object begin() {
    return instantiator.newInstance();
  }

  @Override
  public Object make(@Nullable Object begun, @Nullable Object[] values, boolean[] present) {
    Object object = Objects.requireNonNull(begun);
    for (int i = 0; i < values.length; i++) {
      if (present[i]) {
        set(setters.get(i), object, values[i]);
      }
    }
    return object;
  }

  private static void set(MethodHandle setter, Object object, @Nullable Object value) {
    try {
      setter.invokeExact(object, value);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private void add(Field field, String name) {
    try {
      field.setAccessible(true);
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      fields.add(new StoredField(name, field.getType(), lookup.unreflectGetter(field)));
      setters.add(
          lookup
              .unreflectSetter(field)
              .asType(MethodType.methodType(void.class, Object.class, Object.class)));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // it was made accessible
    }
  }

  private static ObjectInstantiator<?> instantiator(Class<?> type) {
    Constructor<?> constructor;
    try {
      constructor = type.getDeclaredConstructor();
    } catch (NoSuchMethodException e) {
      return new StdInstantiatorStrategy().newInstantiatorOf(type);
    }
    constructor.setAccessible(true);
    return () -> {
      try {
        return constructor.newInstance();
      } catch (ReflectiveOperationException e) {
        throw new ValueException(
            "the constructor of " + type.getName() + " failed: " + e.getCause());
      }
    };
  }
}
