package org.macekv.serialization;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the components of records, and makes records of them: method handles, made once. */
final class RecordAccess {
  private RecordAccess() {}

  /** Takes a record and gives one component. */
  static MethodHandle getter(RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return MethodHandles.lookup().unreflect(component.getAccessor());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // it was made accessible
    }
  }

  /** Takes all components, in the order of their declaration, and gives a record. */
  static MethodHandle constructor(Class<?> type, RecordComponent[] declared) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectConstructor(constructor)
          .asFixedArity(); // of a last component int... also an array is wanted
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // every record has one
    }
  }

  /** Takes an array of all components, in the order of their declaration, and gives a record. */
  static MethodHandle canonicalConstructor(Class<?> type, RecordComponent[] declared) {
    return constructor(type, declared)
        .asSpreader(Object[].class, declared.length)
        .asType(MethodType.methodType(Object.class, Object[].class));
  }

  /** Calls {@link #canonicalConstructor} with what it takes; what it throws is thrown. */
  static Object construct(MethodHandle constructor, @Nullable Object[] components) {
    try {
      return constructor.invokeExact(components);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
