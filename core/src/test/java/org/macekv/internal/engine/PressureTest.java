package org.macekv.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PressureTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong amount = new AtomicLong();
  private final AtomicLong made = new AtomicLong(5000);
  private final Pressure pressure = new Pressure("things", 1000, 2000, amount::get, made::get);

  private void make(long bytes) {
    amount.addAndGet(bytes);
    made.addAndGet(bytes);
  }

  @Test
  void limits() {
    amount.set(1000);
    assertThat(pressure.isFelt()).isFalse();
    amount.set(1001);
    assertThat(pressure.isFelt()).isTrue();
    assertThat(pressure.isTooMuch()).isFalse();
    amount.set(2000);
    assertThat(pressure.isTooMuch()).isTrue();
    assertThat(pressure).hasToString("2,000 bytes of things, the limit is 2,000");
  }

  @Test
  void nobodyWaitsBeforeTheThroughputIsKnown() {
    pressure.begin(7);
    make(1500);
    assertThat(pressure.charge(7)).isEqualTo(7);
  }

  @Test
  void newDebtMayComeAtTheThroughputInTheMiddleAndAtHalfOfItAtTheLimit() {
    pressure.measured(1000, SECOND);
    make(1400);
    pressure.begin(0);
    make(100); // at 1500, the middle
    assertThat(pressure.charge(0)).isEqualTo(SECOND / 10);
    assertThat(pressure.charge(0)).as("nothing is new").isZero();
    make(499);
    amount.set(2000);
    long after = pressure.charge(0);
    assertThat(after).as("behind what was charged before").isBetween(SECOND, SECOND * 11 / 10);
    make(1);
    amount.set(1000);
    assertThat(pressure.charge(0)).as("at the soft limit").isZero();
  }

  @Test
  void changesOfWhatIsDirtyAlreadyCostNothing() {
    pressure.measured(1000, SECOND);
    amount.set(1900);
    pressure.begin(0);
    assertThat(pressure.charge(0)).isZero();
  }

  @Test
  void throughputFallsQuicklyAndRisesSlowly() {
    pressure.measured(124, 1);
    assertThat(pressure.perSecond()).as("too small to tell").isZero();
    pressure.measured(1000, SECOND);
    assertThat(pressure.perSecond()).isEqualTo(1000);
    pressure.measured(1000, 2 * SECOND);
    assertThat(pressure.perSecond()).isEqualTo(750);
    pressure.measured(1000, SECOND);
    assertThat(pressure.perSecond()).isEqualTo(781);
  }
}
