package org.macekv.collections;

import org.macekv.option.BucketOptions;

/**
 * What a store knows of one of its collections.
 *
 * @param name its name
 * @param kind what it is
 * @param keys the {@linkplain org.macekv.serialization.KeyCodec#id() identity} of the codec of its
 *     keys or elements; empty for a queue, a counter and a sequence
 * @param values the {@linkplain org.macekv.serialization.Serializer#id() identity} of the
 *     serializer of its values, or of the elements of a queue; empty where there are none
 * @param size how many entries it has; of a multimap pairs, of a queue elements; 0 for a counter
 *     and a sequence
 * @param options how its data is kept
 */
public record CollectionInfo(
    String name,
    CollectionKind kind,
    String keys,
    String values,
    long size,
    BucketOptions options) {}
