package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KeyRangeTest {
  private static final byte[] LAST_BYTE = {(byte) 0xff};

  @Property
  void everyKindOfRangeContainsWhatItsNameSays(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] a = HurtfulKeys.bound(random);
    byte[] b = HurtfulKeys.bound(random);
    byte[] key = HurtfulKeys.key(random);
    boolean startsWithA = key.length >= a.length && Arrays.equals(key, 0, a.length, a, 0, a.length);

    assertThat(KeyRange.all().contains(key)).isTrue();
    assertThat(KeyRange.of(a, b).contains(key))
        .isEqualTo(compare(a, key) <= 0 && compare(key, b) < 0);
    assertThat(KeyRange.atLeast(a).contains(key)).isEqualTo(compare(key, a) >= 0);
    assertThat(KeyRange.greaterThan(a).contains(key)).isEqualTo(compare(key, a) > 0);
    assertThat(KeyRange.lessThan(a).contains(key)).isEqualTo(compare(key, a) < 0);
    assertThat(KeyRange.atMost(a).contains(key)).isEqualTo(compare(key, a) <= 0);
    assertThat(KeyRange.prefix(a).contains(key)).isEqualTo(startsWithA);
  }

  @Property
  void intersectionContainsWhatBothContain(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    KeyRange one = range(random);
    KeyRange other = range(random);
    KeyRange both = one.intersect(other);
    for (int i = 0; i < 10; i++) {
      byte[] key = HurtfulKeys.key(random);
      assertThat(both.contains(key)).isEqualTo(one.contains(key) && other.contains(key));
    }
    assertThat(other.intersect(one)).isEqualTo(both);
  }

  @Property
  void emptyRangeContainsNothingAndAnotherItsLowestKey(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    KeyRange range = range(random);
    assertThat(range.contains(range.low())).isEqualTo(!range.isEmpty());
    if (range.isEmpty()) {
      assertThat(range.contains(HurtfulKeys.key(random))).isFalse();
    }
  }

  @Test
  void prefixOfLastBytesHasNoUpperEnd() {
    KeyRange range = KeyRange.prefix(LAST_BYTE);
    assertThat(range.high()).isNull();
    assertThat(range.contains(new byte[] {(byte) 0xff, (byte) 0xff, 7})).isTrue();
    assertThat(range.contains(new byte[] {(byte) 0xfe, (byte) 0xff})).isFalse();
  }

  @Test
  void prefixThatEndsInLastBytesEndsBelowTheNextPrefix() {
    KeyRange range = KeyRange.prefix(new byte[] {7, (byte) 0xff});
    assertThat(range.high()).isEqualTo(new byte[] {8});
  }

  @Test
  void emptyPrefixGivesEveryKey() {
    KeyRange range = KeyRange.prefix(new byte[0]);
    assertThat(range).isEqualTo(KeyRange.all());
    assertThat(range.contains(new byte[0])).isTrue();
  }

  @Test
  void rangeKeepsCopiesOfItsBounds() {
    byte[] low = {1};
    byte[] high = {5};
    KeyRange range = KeyRange.of(low, high);
    low[0] = 9;
    high[0] = 9;
    range.low()[0] = 9;
    range.high()[0] = 9;
    assertThat(range).isEqualTo(KeyRange.of(new byte[] {1}, new byte[] {5}));
  }

  @Test
  void equalRangesAreEqualAndHaveEqualHashCodes() {
    KeyRange one = KeyRange.atMost(new byte[] {1});
    KeyRange same = KeyRange.lessThan(new byte[] {1, 0});
    assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(one).isNotEqualTo(KeyRange.all());
    assertThat(one.toString()).contains("[1, 0]");
  }

  private static KeyRange range(SplittableRandom random) {
    byte[] bound = HurtfulKeys.bound(random);
    return switch (random.nextInt(4)) {
      case 0 -> KeyRange.prefix(bound);
      case 1 -> KeyRange.greaterThan(bound);
      case 2 -> KeyRange.atMost(bound);
      default -> KeyRange.of(bound, HurtfulKeys.bound(random));
    };
  }

  private static int compare(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b);
  }
}
