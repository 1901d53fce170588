/**
 * Objects to bytes and back: {@link org.macekv.serialization.Serializer} for values, {@link
 * org.macekv.serialization.KeyCodec} for keys, whose bytes keep the order of the keys.
 *
 * <p>Start at {@link org.macekv.serialization.KeyCodecs} and {@link
 * org.macekv.serialization.Serializers}, the built-in ones for simple types, {@link
 * org.macekv.serialization.KryoSerialization}, which serves all others, and {@link
 * org.macekv.serialization.BinarySerializer} for records that stay as they are. The package uses
 * Kryo and nothing of the engine; what it needs of a store is the {@link
 * org.macekv.serialization.ClassCatalog}. Everything here is immutable or safe for many threads.
 */
package org.macekv.serialization;
