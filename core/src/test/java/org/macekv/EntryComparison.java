package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;

/** Compares what cursors show with maps of the entries that they shall show. */
final class EntryComparison {
  private EntryComparison() {}

  static void compareAll(
      SnapshotReader reader, Bucket bucket, NavigableMap<byte[], byte[]> expected) {
    KeyRange all = KeyRange.all();
    compare(reader.scan(bucket, all), iterator(expected, all, true), Integer.MAX_VALUE);
    compare(reader.scanReverse(bucket, all), iterator(expected, all, false), Integer.MAX_VALUE);
    assertThat(reader.count(bucket)).isEqualTo(expected.size());
  }

  static void compare(Cursor cursor, Iterator<Map.Entry<byte[], byte[]>> expected, int maxSteps) {
    for (int steps = 0; steps < maxSteps; steps++) {
      if (!expected.hasNext()) {
        assertThat(cursor.next() ? Samples.describe(cursor.key()) : "end").isEqualTo("end");
        assertThat(cursor.next()).isFalse();
        return;
      }
      compareNext(cursor, expected.next());
    }
  }

  static byte[] compareNext(Cursor cursor, Map.Entry<byte[], byte[]> expected) {
    String wanted = Samples.describe(expected.getKey());
    assertThat(cursor.next()).as("there is an entry for " + wanted).isTrue();
    byte[] key = cursor.key();
    byte[] value = cursor.value();
    if (!Arrays.equals(key, expected.getKey()) || !Arrays.equals(value, expected.getValue())) {
      assertThat(Samples.describe(key) + "=" + Samples.describe(value))
          .isEqualTo(wanted + "=" + Samples.describe(expected.getValue()));
    }
    assertThat(cursor.valueLength()).isEqualTo(value.length);
    assertThat(cursor.keyLength()).isEqualTo(key.length);
    byte[] copy = new byte[key.length + value.length];
    assertThat(cursor.copyKey(copy, 0)).isEqualTo(key.length);
    assertThat(cursor.copyValue(copy, key.length)).isEqualTo(value.length);
    assertThat(Arrays.copyOf(copy, key.length)).isEqualTo(key);
    assertThat(Arrays.copyOfRange(copy, key.length, copy.length)).isEqualTo(value);
    ByteBuffer inPlace = cursor.valueBuffer();
    assertThat(inPlace.isReadOnly()).isTrue();
    assertThat(inPlace.position()).isZero();
    assertThat(inPlace).isEqualTo(ByteBuffer.wrap(value));
    return key;
  }

  static Iterator<Map.Entry<byte[], byte[]>> iterator(
      NavigableMap<byte[], byte[]> entries, KeyRange range, boolean up) {
    if (range.isEmpty()) {
      return Collections.emptyIterator();
    }
    var part = entries.tailMap(range.low(), true);
    byte[] high = range.high();
    if (high != null) {
      part = part.headMap(high, false);
    }
    return (up ? part : part.descendingMap()).entrySet().iterator();
  }
}
