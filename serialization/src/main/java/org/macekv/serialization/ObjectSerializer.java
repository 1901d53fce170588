package org.macekv.serialization;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.objenesis.instantiator.ObjectInstantiator;
import com.esotericsoftware.kryo.kryo5.objenesis.strategy.StdInstantiatorStrategy;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores an object of a plain class as its fields, inherited ones included, in the order of their
 * names; static and transient ones are left out. The object is made again by the constructor
 * without parameters, private or not; where there is none, without any constructor.
 */
final class ObjectSerializer extends ValueSerializer<Object> {
  private final List<StoredField> fields = new ArrayList<>();
  private final List<MethodHandle> setters = new ArrayList<>();
  private final ObjectInstantiator<?> instantiator;

  ObjectSerializer(Class<?> type) {
    List<Field> declared = storedFields(type);
    Set<String> names = new HashSet<>();
    for (Field field : declared) {
      // A field that hides another one of its name is told apart by its class.
      boolean hiding = !names.add(field.getName());
      String prefix = hiding ? field.getDeclaringClass().getName() + "." : "";
      add(field, prefix + field.getName());
    }
    this.instantiator = instantiator(type);
  }

  /** What the catalog knows the class by, beside its name. */
  List<StoredField> fields() {
    return fields;
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

  /** By name, and where names are equal the most derived class first. */
  private static List<Field> storedFields(Class<?> type) {
    List<Field> result = new ArrayList<>();
    for (@Nullable Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())
            && !Modifier.isTransient(field.getModifiers())) {
          result.add(field);
        }
      }
    }
    result.sort(Comparator.comparing(Field::getName)); // stable
    return result;
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
