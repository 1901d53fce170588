package org.macekv.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The entries of all measurements: random keys in the order in which they are inserted, and the
 * same keys in another random order for what comes after. Keys lie in flat arrays that are walked
 * from front to back, so that finding the next key costs next to nothing, and so that no key array
 * of the measurement is one that a store holds. Immutable.
 */
final class Dataset {
  static final int KEY_BYTES = 16;
  static final int VALUE_BYTES = 100;

  private static final long SEED = 20_260_101;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final int entryCount;
  private final byte[] insertionOrder;
  private final byte[] accessOrder;
  private final byte[] valueTemplate = new byte[VALUE_BYTES];

  /** The data set of this size; the same in every JVM. */
  Dataset(int entryCount) {
    if (entryCount < 1) {
      throw new IllegalArgumentException("entries is " + entryCount + ", expected 1 or more");
    }
    this.entryCount = entryCount;
    SplittableRandom random = new SplittableRandom(SEED);
    insertionOrder = new byte[Math.multiplyExact(entryCount, KEY_BYTES)];
    random.nextBytes(insertionOrder);
    random.nextBytes(valueTemplate);
    accessOrder = shuffled(insertionOrder, entryCount, random);
  }

  private static byte[] shuffled(byte[] keys, int keyCount, SplittableRandom random) {
    byte[] result = keys.clone();
    byte[] held = new byte[KEY_BYTES];
    for (int i = keyCount - 1; i > 0; i--) {
      int other = random.nextInt(i + 1) * KEY_BYTES;
      System.arraycopy(result, i * KEY_BYTES, held, 0, KEY_BYTES);
      System.arraycopy(result, other, result, i * KEY_BYTES, KEY_BYTES);
      System.arraycopy(held, 0, result, other, KEY_BYTES);
    }
    return result;
  }

  static void putLong(byte[] target, int offset, long value) {
    LONGS.set(target, offset, value);
  }

  static long getLong(byte[] source, int offset) {
    return (long) LONGS.get(source, offset);
  }

  int entryCount() {
    return entryCount;
  }

  /** A fresh array with the key that is inserted as number {@code index}. */
  byte[] key(int index) {
    return copyOf(insertionOrder, index);
  }

  /** A fresh array with the key that is accessed as number {@code index}. */
  byte[] accessKey(int index) {
    return copyOf(accessOrder, index);
  }

  /** Fills {@code key} with the key that is accessed as number {@code index}. */
  void copyAccessKey(int index, byte[] key) {
    System.arraycopy(accessOrder, index * KEY_BYTES, key, 0, KEY_BYTES);
  }

  /** A fresh array with a value; another one for each {@code number}. */
  byte[] value(long number) {
    byte[] value = valueTemplate.clone();
    LONGS.set(value, 0, number);
    return value;
  }

  /** What a scan returns that sees every entry as it was loaded. */
  long checksum() {
    long sum = 0;
    for (int i = 0; i < entryCount; i++) {
      sum += Touch.entry(key(i), value(i));
    }
    return sum;
  }

  private static byte[] copyOf(byte[] keys, int index) {
    return Arrays.copyOfRange(keys, index * KEY_BYTES, (index + 1) * KEY_BYTES);
  }
}
