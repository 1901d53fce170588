package org.macekv.collections;

/**
 * What the cache of decoded values has done since the store was opened.
 *
 * @param hits reads that decoded nothing
 * @param misses reads that looked in vain: the key was not there, or with another version
 * @param evictions values that went since there was no more room
 * @param entries values that are there
 * @param bytes about how many bytes they take
 */
public record ReadCacheStatistics(
    long hits, long misses, long evictions, long entries, long bytes) {
  static final ReadCacheStatistics NONE = new ReadCacheStatistics(0, 0, 0, 0, 0);
}
