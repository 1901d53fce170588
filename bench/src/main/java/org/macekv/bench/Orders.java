package org.macekv.bench;

import java.time.Instant;
import java.util.SplittableRandom;

/** The entries of typed maps: ids without order, and an order for each. Immutable. */
final class Orders {
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L; // odd: a bijection
  private static final int TEMPLATES = 1_024;
  private static final long FIRST_SECOND = 1_767_225_600; // 2026 begins

  private final int count;
  private final Order[] templates = new Order[TEMPLATES];

  /** So many orders; the same in every JVM. */
  Orders(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("entries is " + count + ", expected 1 or more");
    }
    this.count = count;
    for (int i = 0; i < TEMPLATES; i++) {
      templates[i] = order(i);
    }
  }

  int count() {
    return count;
  }

  /** The id of the order that is inserted as number {@code index}; each has one of its own. */
  static long id(int index) {
    long mixed = index * MIX;
    mixed ^= mixed >>> 32; // a bijection as well
    return mixed * MIX;
  }

  /** The id of any order. */
  long anyId(SplittableRandom random) {
    return id(random.nextInt(count));
  }

  /** The order that is inserted as number {@code index}, with strings that no other one has. */
  Order order(int index) {
    SplittableRandom random = new SplittableRandom(index);
    return new Order(
        id(index),
        1 + random.nextInt(100),
        text(random),
        text(random),
        text(random),
        random.nextInt(100_000) / 100.0,
        random.nextBoolean(),
        Instant.ofEpochSecond(
            FIRST_SECOND + random.nextInt(30_000_000), random.nextInt(1_000) * 1_000_000L));
  }

  /** An order to put in the place of another, which costs no more than an object. */
  Order replacement(long id, int number) {
    return templates[number & (TEMPLATES - 1)].as(id, number);
  }

  private static String text(SplittableRandom random) {
    char[] letters = new char[8 + random.nextInt(13)];
    for (int i = 0; i < letters.length; i++) {
      letters[i] = (char) ('a' + random.nextInt(26));
    }
    return new String(letters);
  }

  /** The sum of {@link Order#touch} of all orders as they were loaded. */
  long checksum() {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += order(i).touch(id(i));
    }
    return sum;
  }
}
