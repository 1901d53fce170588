package org.macekv.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.macekv.error.CorruptionException;
import org.macekv.internal.format.ImageChain;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.format.PageAddress;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Horizon;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.Probe;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.pages.PageFiles;

/**
 * A leaf read from a full image and images of changes is, to whoever may still read, the leaf that
 * one full image of the last position would give.
 */
class LeafChangesTest {
  private static final byte[] LOW = {};

  private record Snapshot(SnapshotRegistry.Slot slot, NavigableMap<byte[], byte[]> state) {}

  /** A tree of one leaf, page files in memory, and the model. */
  private static final class Run {
    final Marks marks = new Marks(0);
    final SnapshotRegistry registry = new SnapshotRegistry(marks);
    final TreeStore store =
        new TreeStore(
            new PageFiles(new MemoryStorage("test"), () -> new UUID(1, 2), Map.of(), 0, 1 << 24),
            new Residency(Long.MAX_VALUE),
            task -> {},
            Probe.NONE);
    final Tree tree = new Tree(registry, marks, store, 1, 1 << 20, null);
    final NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    long position;

    Leaf leaf() {
      Leaf leaf = ((Cell) tree.root()).leaf();
      assertThat(leaf).as("the tree has one cell, which is in memory").isNotNull();
      return leaf;
    }

    void change(Random random) {
      byte[] key = {(byte) random.nextInt(2), (byte) random.nextInt(12)};
      byte[] value = null;
      if (random.nextInt(3) > 0) {
        value = new byte[random.nextInt(6) == 0 ? 300 + random.nextInt(99) : random.nextInt(9)];
        random.nextBytes(value);
      }
      Commit commit = new Commit();
      Write write = value == null ? Write.delete(key) : Write.put(key, value);
      assertThat(tree.install(write, commit, Write.ANY)).isTrue();
      if (random.nextInt(8) == 0) {
        commit.decide(Commit.ABORTED);
        tree.forget(write, commit);
        return;
      }
      commit.decide(++position);
      marks.setNewest(position);
      marks.setPublished(position);
      if (value == null) {
        model.remove(key);
      } else {
        model.put(key, value);
      }
    }

    ImageChain append(Leaf image, ImageChain before) {
      byte[] bytes = LeafImage.encode(image, 1, position, LOW);
      if (before != null) {
        LeafImage.markAsChanges(bytes);
      }
      PageAddress address = store.pages().append(bytes, false);
      store.pages().sync();
      return before == null ? ImageChain.of(address) : before.with(address);
    }

    static byte[] get(Leaf leaf, byte[] key, long at) {
      int found = LeafPage.search(leaf.page, key);
      int i = leaf.visible(Leaf.codeOf(found), key, leaf.count(), at);
      if (i >= 0) {
        return (byte[]) leaf.deltaValue(i);
      }
      return found < 0 ? null : (byte[]) leaf.baseValue(found);
    }

    static void check(Leaf leaf, NavigableMap<byte[], byte[]> state, long at) {
      for (int a = 0; a < 2; a++) {
        for (int b = 0; b < 12; b++) {
          byte[] key = {(byte) a, (byte) b};
          assertThat(get(leaf, key, at)).isEqualTo(state.get(key));
        }
      }
    }

    /** What was read can be folded and written to like any leaf. */
    void checkGoesOn(Leaf read) {
      Leaf folded = LeafFold.fold(read, registry.horizon(), new LeafFold.Room(4, 100));
      check(folded, model, position);
      assertThat(folded.live()).isEqualTo(model.size());
    }

    NavigableMap<byte[], byte[]> copyOfModel() {
      NavigableMap<byte[], byte[]> copy = new TreeMap<>(Arrays::compareUnsigned);
      copy.putAll(model);
      return copy;
    }
  }

  @Property(tries = 100)
  void chainSaysWhatAFullImageWouldSay(@ForAll long seed) {
    Run run = new Run();
    Random random = new Random(seed);
    List<Snapshot> snapshots = new ArrayList<>();
    ImageChain chain = null;
    long imaged = 0;
    int merged = 0;
    for (int round = 0; round < 40; round++) {
      for (int i = random.nextInt(8); i >= 0; i--) {
        run.change(random);
      }
      if (random.nextInt(4) == 0) {
        snapshots.add(new Snapshot(run.registry.registerNewest(), run.copyOfModel()));
      }
      if (random.nextInt(4) == 0 && !snapshots.isEmpty()) {
        snapshots.remove(random.nextInt(snapshots.size())).slot().release();
      }
      SnapshotRegistry.Slot slot = run.registry.registerNewest();
      Horizon horizon = run.registry.horizon();
      Leaf now = run.leaf();
      Leaf full = LeafFold.foldUpTo(now, horizon, run.position);
      boolean mayAppend = chain != null && chain.hasRoom() && now.foldedUpTo() <= imaged;
      if (chain == null || (!mayAppend && random.nextBoolean())) {
        chain = run.append(full, null);
      } else if (!mayAppend || random.nextInt(4) == 0) {
        Leaf before = LeafImage.readFull(chain, run.store);
        Leaf changes = LeafFold.difference(before, full, horizon.oldest());
        ImageChain alone = ImageChain.of(chain.image(0));
        chain = changes == null ? alone : run.append(changes, alone);
        if (changes != null) {
          merged++;
        }
      } else {
        Leaf changes = LeafFold.changes(now, horizon, imaged, run.position);
        chain = changes == null ? chain : run.append(changes, chain);
      }
      imaged = run.position;
      LeafImage.Read read = LeafImage.read(chain, run.store);
      assertThat(read.position()).isLessThanOrEqualTo(run.position);
      assertThat(read.leaf().live()).isEqualTo(full.live()).isEqualTo(run.model.size());
      Run.check(read.leaf(), run.model, run.position);
      for (Snapshot each : snapshots) {
        Run.check(read.leaf(), each.state(), each.slot().position());
      }
      slot.release();
      run.checkGoesOn(read.leaf());
    }
    assertThat(merged).isPositive();
  }

  /** Without views each round has changes only, and nothing is ever folded above an image. */
  @Test
  void fewChangesAreASmallImage() {
    Run run = new Run();
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      run.change(random);
    }
    SnapshotRegistry.Slot slot = run.registry.registerNewest();
    Leaf full = LeafFold.foldUpTo(run.leaf(), run.registry.horizon(), run.position);
    long imaged = run.position;
    slot.release();
    while (run.position == imaged) {
      run.change(random); // until one is not rolled back
    }
    slot = run.registry.registerNewest();
    Leaf changes = LeafFold.changes(run.leaf(), run.registry.horizon(), imaged, run.position);
    slot.release();
    assertThat(changes).isNotNull();
    assertThat(LeafFold.keys(changes)).isEqualTo(1);
    assertThat(LeafImage.encode(changes, 1, run.position, LOW).length)
        .isLessThan(LeafImage.encode(full, 1, run.position, LOW).length / 5);
    assertThat(LeafFold.changes(run.leaf(), run.registry.horizon(), run.position, run.position))
        .isNull();
  }

  @Test
  void imagesInTheWrongPlaceAreRefused() {
    Run run = new Run();
    Random random = new Random(1);
    run.change(random);
    ImageChain full =
        run.append(LeafFold.fold(run.leaf(), run.registry.horizon(), LeafFold.Room.NONE), null);
    ImageChain twice = full.with(full.newest());
    assertThatThrownBy(() -> LeafImage.read(twice, run.store))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("not one of a leaf's changes");
    ImageChain changes = run.append(run.leaf(), full);
    assertThatThrownBy(() -> LeafImage.read(ImageChain.of(changes.newest()), run.store))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("not one of a whole leaf");
  }
}
