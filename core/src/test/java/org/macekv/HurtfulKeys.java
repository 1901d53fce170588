package org.macekv;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Keys of the kinds that break trees: the empty one, keys that are prefixes of each other, runs of
 * 0xff, long common prefixes, the longest that are allowed. Few enough of each kind that the same
 * key comes again and again.
 */
final class HurtfulKeys {
  private static final byte[] ALPHABET = {0, 1, 'a', 0x7f, (byte) 0x80, (byte) 0xff};
  private static final byte[] LONG_PREFIX = Samples.value(60, 60);
  private static final byte[] LONGEST = Samples.value(Bucket.MAX_KEY_BYTES, 64);

  private HurtfulKeys() {}

  static byte[] key(SplittableRandom random) {
    int kind = random.nextInt(200);
    if (kind < 4) {
      return new byte[0];
    } else if (kind < 80) {
      return fromAlphabet(random, 1 + random.nextInt(4));
    } else if (kind < 100) {
      return runOfLastByte(random);
    } else if (kind < 140) {
      return withLongPrefix(random);
    } else if (kind < 199) {
      return Samples.number(random.nextInt(600));
    }
    return longest(random);
  }

  /** A key, or something a little off one. */
  static byte[] bound(SplittableRandom random) {
    byte[] key = key(random);
    if (key.length > 0 && key.length < 100 && random.nextInt(4) == 0) {
      return Arrays.copyOf(key, random.nextInt(key.length + 2));
    }
    return key;
  }

  private static byte[] fromAlphabet(SplittableRandom random, int length) {
    byte[] key = new byte[length];
    for (int i = 0; i < length; i++) {
      key[i] = ALPHABET[random.nextInt(ALPHABET.length)];
    }
    return key;
  }

  private static byte[] runOfLastByte(SplittableRandom random) {
    byte[] key = new byte[1 + random.nextInt(9)];
    Arrays.fill(key, (byte) 0xff);
    if (random.nextBoolean()) {
      key[key.length - 1] = (byte) random.nextInt(256);
    }
    return key;
  }

  private static byte[] withLongPrefix(SplittableRandom random) {
    byte[] key = Arrays.copyOf(LONG_PREFIX, LONG_PREFIX.length - random.nextInt(2) * 30);
    key[key.length - 1] = ALPHABET[random.nextInt(ALPHABET.length)];
    key[key.length - 2] = (byte) random.nextInt(8);
    return key;
  }

  private static byte[] longest(SplittableRandom random) {
    byte[] key = Arrays.copyOf(LONGEST, LONGEST.length - random.nextInt(2));
    key[key.length - 1] = ALPHABET[random.nextInt(ALPHABET.length)];
    return key;
  }
}
