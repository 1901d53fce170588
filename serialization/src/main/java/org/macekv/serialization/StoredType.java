package org.macekv.serialization;

/**
 * A type that may occur in values.
 *
 * @param name what the catalog knows it by. It stands for one form of the bytes: where the fields
 *     of a class are stored, it lists them, so a changed class has another name
 * @param type the class, or one that stands for several that are stored alike
 * @param tracked whether identity counts: an object met twice in one value is stored once and read
 *     as one object, which also makes cycles possible. Not for plain immutable values
 */
record StoredType(String name, Class<?> type, boolean tracked, ValueSerializer<?> serializer) {}
