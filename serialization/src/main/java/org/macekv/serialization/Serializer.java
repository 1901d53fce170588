package org.macekv.serialization;

/** Placeholder. */
public interface Serializer<T> {}
