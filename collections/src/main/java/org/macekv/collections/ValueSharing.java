package org.macekv.collections;

/** Whether readers of a collection may get the same instance. */
enum ValueSharing {
  /** If its class is known to be immutable. */
  IF_IMMUTABLE,
  ALWAYS,
  NEVER;

  boolean allows(Object value) {
    return this == ALWAYS || (this == IF_IMMUTABLE && ImmutableTypes.isImmutable(value.getClass()));
  }
}
