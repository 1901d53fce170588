package org.macekv.collections;

import java.lang.annotation.Annotation;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.ZoneId;
import java.util.Currency;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** Which classes are known to be immutable. Thread-safe. */
final class ImmutableTypes {
  private static final Set<Class<?>> KNOWN =
      Set.of(
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          String.class,
          UUID.class,
          BigInteger.class,
          BigDecimal.class,
          URI.class,
          Currency.class,
          Locale.class,
          ZoneId.class); // only java.time extends it

  private static final ClassValue<Boolean> IMMUTABLE =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return decide(type, new HashSet<>());
        }
      };

  private ImmutableTypes() {}

  /**
   * Whether instances of exactly this class never change: what the JDK promises it of, constants of
   * enums, records of such, and what is annotated.
   */
  static boolean isImmutable(Class<?> type) {
    return IMMUTABLE.get(type);
  }

  /** {@code asked} has what is being decided on, which may lead to itself. */
  private static boolean decide(Class<?> type, Set<Class<?>> asked) {
    return KNOWN.contains(type)
        || type.isPrimitive()
        || Enum.class.isAssignableFrom(type)
        || isTime(type)
        || isAnnotated(type)
        || (type.isRecord() && (!asked.add(type) || hasImmutableComponents(type, asked)));
  }

  private static boolean isTime(Class<?> type) {
    String of = type.getPackageName();
    return (of.equals("java.time") || of.equals("java.time.chrono"))
        && !Modifier.isAbstract(type.getModifiers());
  }

  private static boolean hasImmutableComponents(Class<?> type, Set<Class<?>> asked) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (!holdsImmutable(component.getType(), asked)) {
        return false;
      }
    }
    return true;
  }

  /** Whether whatever can be held as a {@code declared} is immutable. */
  private static boolean holdsImmutable(Class<?> declared, Set<Class<?>> asked) {
    if (declared.isEnum()
        || Modifier.isFinal(declared.getModifiers())
        || KNOWN.contains(declared)) { // what is not final of these no serializer extends
      return decide(declared, asked);
    }
    if (!declared.isSealed()) {
      return false;
    }
    if (!asked.add(declared)) {
      return true;
    }
    boolean every = Modifier.isAbstract(declared.getModifiers()) || decide(declared, asked);
    for (Class<?> permitted : declared.getPermittedSubclasses()) {
      every = every && holdsImmutable(permitted, asked);
    }
    return every;
  }

  private static boolean isAnnotated(Class<?> type) {
    if (type.isAnnotationPresent(ImmutableValue.class)) {
      return true;
    }
    for (Annotation each : type.getDeclaredAnnotations()) {
      if (each.annotationType().getSimpleName().equals("Immutable")) {
        return true;
      }
    }
    return false;
  }
}
