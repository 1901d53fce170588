package org.macekv.internal.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SnapshotRegistryTest {
  @Test
  void registeredSnapshotsAreInTheHorizonUntilTheyAreReleased() {
    Marks marks = new Marks(5);
    SnapshotRegistry registry = new SnapshotRegistry(marks);
    SnapshotRegistry.Slot old = registry.registerPublished();
    marks.setNewest(9);
    marks.setPublished(7);
    SnapshotRegistry.Slot writer = registry.registerNewest();
    assertThat(old.position()).isEqualTo(5);
    assertThat(writer.position()).isEqualTo(9);
    assertThat(registry.snapshots()).containsExactly(5, 9);
    assertThat(registry.horizon().floor()).isEqualTo(7);
    assertThat(registry.horizon().oldest()).isEqualTo(5);
    old.release();
    assertThat(registry.horizon().oldest()).isEqualTo(7);
    writer.release();
    assertThat(registry.snapshots()).isEmpty();
  }

  /** A reader who stopped between his look at the published position and his slot. */
  @Test
  void aSettledHorizonWaitsForAReaderWhoWasMissed() {
    Marks marks = new Marks(5);
    SnapshotRegistry registry = new SnapshotRegistry(marks);
    marks.setNewest(9);
    marks.setPublished(9);
    assertThat(registry.horizon().oldest()).isEqualTo(9); // what only 5 needed goes
    int index = registry.claim(5);
    assertThat(registry.horizon().oldest()).isEqualTo(5); // careful
    List<SnapshotRegistry.Slot> slots = new ArrayList<>();
    // He looks at the floor, and takes a newer one.
    Horizon settled = registry.settledHorizon(() -> slots.add(registry.confirm(index, 9)));
    assertThat(slots).hasSize(1);
    assertThat(settled.oldest()).isEqualTo(9);
    SnapshotRegistry.Slot confirmed = registry.registerPublished();
    marks.setPublished(11);
    assertThat(registry.settledHorizon().oldest()).isEqualTo(9); // nothing to wait for
    confirmed.release();
    slots.get(0).release();
    assertThat(registry.settledHorizon().oldest()).isEqualTo(11);
  }

  @Test
  void moreSnapshotsThanOneChunkHolds() {
    SnapshotRegistry registry = new SnapshotRegistry(new Marks(3));
    List<SnapshotRegistry.Slot> slots = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      slots.add(registry.registerPublished());
    }
    assertThat(registry.snapshots()).containsExactly(3);
    slots.forEach(SnapshotRegistry.Slot::release);
    assertThat(registry.snapshots()).isEmpty();
  }

  /** The race that others lost: a snapshot is announced just after the pruner has looked. */
  @Test
  void noPrunerOverlooksASnapshotThatIsInUse() throws InterruptedException {
    Marks marks = new Marks(0);
    SnapshotRegistry registry = new SnapshotRegistry(marks);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<String> failure = new AtomicReference<>();
    // What the pruner has dropped: everything that only states below this could see.
    java.util.concurrent.atomic.AtomicLong dropped = new java.util.concurrent.atomic.AtomicLong();
    Thread pruner =
        new Thread(
            () -> {
              for (int position = 1; position <= 300_000 && failure.get() == null; position++) {
                marks.setNewest(position);
                marks.setPublished(position);
                dropped.set(registry.horizon().oldest());
              }
              stop.set(true);
            });
    Thread reader =
        new Thread(
            () -> {
              while (!stop.get()) {
                SnapshotRegistry.Slot slot = registry.registerPublished();
                for (int i = 0; i < 3; i++) {
                  if (dropped.get() > slot.position()) {
                    failure.set(slot.position() + " was dropped up to " + dropped.get());
                  }
                }
                slot.release();
              }
            });
    pruner.start();
    reader.start();
    pruner.join();
    reader.join();
    assertThat(failure.get()).isNull();
  }

  @Test
  void countHistoryTellsEveryStateThatMayBeRead() {
    Marks marks = new Marks(0);
    SnapshotRegistry registry = new SnapshotRegistry(marks);
    CountHistory counts = new CountHistory(registry, 0);
    List<SnapshotRegistry.Slot> slots = new ArrayList<>();
    for (int position = 1; position <= 5000; position++) {
      counts.append(position, position % 3 == 0 ? -1 : 1);
      marks.setNewest(position);
      marks.setPublished(position);
      if (position % 500 == 0) {
        slots.add(registry.registerPublished());
      }
    }
    for (SnapshotRegistry.Slot slot : slots) {
      long position = slot.position();
      assertThat(counts.read().countAt(position)).isEqualTo(position - 2 * (position / 3));
    }
    assertThat(counts.read().countAt(marks.published())).isEqualTo(5000 - 2 * 1666);
  }
}
