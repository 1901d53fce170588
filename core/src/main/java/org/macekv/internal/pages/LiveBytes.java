package org.macekv.internal.pages;

import java.util.Map;
import java.util.TreeMap;
import org.macekv.internal.format.ByteReader;
import org.macekv.internal.format.ByteReader.MalformedException;
import org.macekv.internal.format.Varint;

/**
 * How many bytes of each file are needed: of page files by images, of log segments by the large
 * values that images point to. Not thread-safe.
 */
public final class LiveBytes {
  private final TreeMap<Integer, Long> pages = new TreeMap<>();
  private final TreeMap<Long, Long> values = new TreeMap<>();

  /** Nothing yet. */
  public LiveBytes() {}

  /** A copy. */
  public LiveBytes copy() {
    LiveBytes copy = new LiveBytes();
    copy.add(this);
    return copy;
  }

  /** Adds all of {@code other}. */
  public void add(LiveBytes other) {
    other.pages.forEach(this::addPages);
    other.values.forEach(this::addValues);
  }

  /** Adds bytes of images in a page file, or takes them off if negative. */
  public void addPages(int file, long bytes) {
    add(pages, file, bytes);
  }

  /** Adds bytes of large values in a log segment, or takes them off if negative. */
  public void addValues(long segment, long bytes) {
    add(values, segment, bytes);
  }

  private static <K> void add(Map<K, Long> map, K key, long bytes) {
    if (bytes != 0) {
      map.merge(key, bytes, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  /** By the number of the page file. */
  public Map<Integer, Long> pages() {
    return pages;
  }

  /** By the first position of the log segment. */
  public Map<Long, Long> values() {
    return values;
  }

  int encodedBound() {
    return 2 * Varint.MAX_LONG_BYTES * (1 + pages.size() + values.size());
  }

  int put(byte[] target, int offset) {
    int at = Varint.put(target, offset, pages.size());
    for (Map.Entry<Integer, Long> each : pages.entrySet()) {
      at = Varint.put(target, at, each.getKey());
      at = Varint.put(target, at, each.getValue());
    }
    at = Varint.put(target, at, values.size());
    for (Map.Entry<Long, Long> each : values.entrySet()) {
      at = Varint.put(target, at, each.getKey());
      at = Varint.put(target, at, each.getValue());
    }
    return at;
  }

  static LiveBytes read(ByteReader reader) throws MalformedException {
    LiveBytes live = new LiveBytes();
    int files = reader.readInt("number of page files with live images", Integer.MAX_VALUE);
    for (int i = 0; i < files; i++) {
      int file = reader.readInt("number of a page file", Integer.MAX_VALUE);
      live.addPages(file, reader.readLong("live bytes of a page file"));
    }
    int segments = reader.readInt("number of log segments with live values", Integer.MAX_VALUE);
    for (int i = 0; i < segments; i++) {
      long segment = reader.readLong("first position of a log segment");
      live.addValues(segment, reader.readLong("live bytes of a log segment"));
    }
    return live;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LiveBytes live
        && pages.equals(live.pages)
        && values.equals(live.values);
  }

  @Override
  public int hashCode() {
    return pages.hashCode() * 31 + values.hashCode();
  }

  @Override
  public String toString() {
    return "pages " + pages + ", values " + values;
  }
}
