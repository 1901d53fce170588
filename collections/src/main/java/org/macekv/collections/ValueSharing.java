package org.macekv.collections;

import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Whether readers of a collection may get the same instance. */
enum ValueSharing {
  /** If its class is known to be immutable. */
  IF_IMMUTABLE,
  ALWAYS,
  NEVER;

  /** What is to be done where values are declared to be of a class: null if it is not known. */
  ValueSharing of(@Nullable Class<?> type) {
    boolean never =
        this == IF_IMMUTABLE
            && type != null
            && Modifier.isFinal(type.getModifiers())
            && !ImmutableTypes.isImmutable(type);
    return never ? NEVER : this; // then nobody need look
  }

  boolean allows(Object value) {
    return this == ALWAYS || (this == IF_IMMUTABLE && ImmutableTypes.isImmutable(value.getClass()));
  }
}
