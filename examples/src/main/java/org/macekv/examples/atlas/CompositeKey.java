package org.macekv.examples.atlas;

import java.util.NavigableMap;
import java.util.NavigableSet;

/**
 * Two texts in one key, ordered by the first and then by the second, and the ranges of keys that
 * begin alike. An ordered set of such keys is a relation that can be asked by its first side.
 */
final class CompositeKey {
  /** Lower than every character that the texts contain, so that a shorter text sorts first. */
  private static final char SEPARATOR = '\0';

  private CompositeKey() {}

  static String of(String first, String second) {
    return first + SEPARATOR + second;
  }

  static String first(String key) {
    return key.substring(0, key.indexOf(SEPARATOR));
  }

  static String second(String key) {
    return key.substring(key.indexOf(SEPARATOR) + 1);
  }

  /** The keys whose first text is {@code first}. */
  static NavigableSet<String> withFirst(NavigableSet<String> keys, String first) {
    return startingWith(keys, first + SEPARATOR);
  }

  /** The keys that start with {@code prefix}; a live view. */
  static NavigableSet<String> startingWith(NavigableSet<String> keys, String prefix) {
    return prefix.isEmpty() ? keys : keys.subSet(prefix, true, end(prefix), false);
  }

  /** The entries whose keys start with {@code prefix}; a live view. */
  static <V> NavigableMap<String, V> startingWith(NavigableMap<String, V> map, String prefix) {
    return prefix.isEmpty() ? map : map.subMap(prefix, true, end(prefix), false);
  }

  /** The lowest text above all that start with {@code prefix}. */
  private static String end(String prefix) {
    int last = prefix.length() - 1;
    return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
  }
}
