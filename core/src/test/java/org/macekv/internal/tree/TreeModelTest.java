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
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.mvcc.Commit;
import org.macekv.internal.mvcc.Marks;
import org.macekv.internal.mvcc.Probe;
import org.macekv.internal.mvcc.SnapshotRegistry;
import org.macekv.internal.pages.PageFiles;

/** A tree of tiny leaves, with snapshots that stay open, against copies of a plain map. */
class TreeModelTest {
  private final Marks marks = new Marks(0);
  private final SnapshotRegistry registry = new SnapshotRegistry(marks);
  private long position;

  private record Snapshot(SnapshotRegistry.Slot slot, NavigableMap<byte[], byte[]> state) {}

  private static NavigableMap<byte[], byte[]> newMap() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  private Tree newTree(int leafBytes) {
    PageFiles pages =
        new PageFiles(new MemoryStorage("test"), () -> new UUID(1, 2), Map.of(), 0, 1 << 20);
    TreeStore store = new TreeStore(pages, new Residency(Long.MAX_VALUE), task -> {}, Probe.NONE);
    return new Tree(registry, marks, store, 1, leafBytes, null);
  }

  private static Write write(byte[] key, byte[] value) {
    return value == null ? Write.delete(key) : Write.put(key, value);
  }

  /** A transaction of one write. */
  private void commit(Tree tree, byte[] key, byte[] value, boolean abort) {
    Commit commit = new Commit();
    Write write = write(key, value);
    assertThat(tree.install(write, commit, Write.ANY)).isTrue();
    if (abort) {
      commit.decide(Commit.ABORTED);
      tree.forget(write, commit);
    } else {
      position++;
      commit.decide(position);
      publish();
    }
    tree.tidy(4);
  }

  private void publish() {
    marks.setNewest(position);
    marks.setPublished(position);
  }

  /** A write outside a transaction. */
  private void commitSingle(Tree tree, byte[] key, byte[] value) {
    tree.commit(
        write(key, value),
        new Tree.Acceptor() {
          @Override
          public long accept(Write write) {
            return ++position;
          }

          @Override
          public void accepted(Write write, long at, boolean installed) {
            assertThat(installed).isTrue();
            assertThat(write.isInstalled()).isTrue();
            assertThat(at).isEqualTo(position);
            publish();
          }
        });
    tree.tidy(4);
  }

  private static byte[] key(Random random, int style) {
    return switch (style) {
      case 0 -> new byte[] {(byte) random.nextInt(256), (byte) random.nextInt(4)};
      case 1 ->
          ("common/prefix/of/all/" + random.nextInt(2000))
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
      default -> {
        byte[] key = new byte[random.nextInt(12)];
        Arrays.fill(key, (byte) (random.nextBoolean() ? 0xff : 0));
        yield key;
      }
    };
  }

  @Property(tries = 40)
  void everySnapshotShowsItsStateForEver(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 2) int style) {
    Random random = new Random(seed);
    position = 0;
    Tree tree = newTree(256);
    marks.setPublished(marks.published());
    position = marks.published();
    NavigableMap<byte[], byte[]> model = newMap();
    List<Snapshot> snapshots = new ArrayList<>();
    for (int step = 0; step < 3000; step++) {
      byte[] key = key(random, style);
      boolean delete = random.nextInt(5) < (step / 1000 % 2 == 0 ? 1 : 4);
      boolean abort = random.nextInt(20) == 0;
      byte[] value = new byte[random.nextInt(30) == 0 ? 300 : random.nextInt(20)];
      random.nextBytes(value);
      if (random.nextBoolean() && !abort) {
        commitSingle(tree, key, delete ? null : value);
      } else {
        commit(tree, key, delete ? null : value, abort);
      }
      if (!abort) {
        if (delete) {
          model.remove(key);
        } else {
          model.put(key, value);
        }
      }
      if (random.nextInt(200) == 0) {
        NavigableMap<byte[], byte[]> copy = newMap();
        copy.putAll(model);
        snapshots.add(new Snapshot(registry.registerPublished(), copy));
      }
      if (random.nextInt(300) == 0 && !snapshots.isEmpty()) {
        Snapshot one = snapshots.remove(random.nextInt(snapshots.size()));
        check(tree, one.state, one.slot.position(), random);
        one.slot.release();
      }
      if (step % 500 == 0) {
        check(tree, model, Tree.LIVE, random);
      }
    }
    for (Snapshot each : snapshots) {
      check(tree, each.state, each.slot.position(), random);
      each.slot.release();
    }
    check(tree, model, Tree.LIVE, random);
  }

  private static void check(
      Tree tree, NavigableMap<byte[], byte[]> model, long snapshot, Random random) {
    for (Map.Entry<byte[], byte[]> each : model.entrySet()) {
      assertThat((byte[]) tree.get(each.getKey(), snapshot)).isEqualTo(each.getValue());
    }
    same(tree.scan(new byte[0], null, snapshot), model);
    same(tree.scanReverse(new byte[0], null, snapshot), model.descendingMap());
    byte[] low = new byte[random.nextInt(3)];
    random.nextBytes(low);
    byte[] high = new byte[random.nextInt(3)];
    random.nextBytes(high);
    if (Arrays.compareUnsigned(low, high) <= 0) {
      var part = model.subMap(low, true, high, false);
      same(tree.scan(low, high, snapshot), part);
      same(tree.scanReverse(low, high, snapshot), part.descendingMap());
    } else {
      assertThat(tree.scan(low, high, snapshot).next()).isFalse();
    }
    same(tree.scan(low, null, snapshot), model.tailMap(low, true));
    same(tree.scanReverse(low, null, snapshot), model.tailMap(low, true).descendingMap());
  }

  private static void same(TreeCursor cursor, Map<byte[], byte[]> expected) {
    for (Map.Entry<byte[], byte[]> each : expected.entrySet()) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(each.getKey());
      assertThat((byte[]) cursor.value()).isEqualTo(each.getValue());
      assertThat(cursor.valueLength()).isEqualTo(each.getValue().length);
    }
    assertThat(cursor.next()).isFalse();
    assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
  }

  private static byte[] number(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }

  @Test
  void queueLeavesNoTrail() {
    Tree tree = newTree(512);
    int held = 500;
    for (int i = 0; i < 100_000; i++) {
      commit(tree, number(i), number(i), false);
      if (i >= held) {
        commit(tree, number(i - held), null, false);
      }
    }
    Tree.Shape shape = tree.shape();
    assertThat(shape.keys()).isLessThan(2L * held);
    assertThat(shape.leaves()).isLessThan(60);
    for (int i = 100_000 - held; i < 100_000; i++) {
      commit(tree, number(i), null, false);
    }
    assertThat(tree.shape().leaves()).isLessThanOrEqualTo(2);
  }

  @Test
  void treeThatIsEmptiedInRandomOrderShrinks() {
    Tree tree = newTree(512);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      commit(tree, number(i * 7919), number(i), false);
      order.add(i);
    }
    assertThat(tree.shape().depth()).isGreaterThan(2);
    java.util.Collections.shuffle(order, new Random(7));
    for (int i : order) {
      commit(tree, number(i * 7919), null, false);
    }
    assertThat(tree.shape().leaves()).isLessThanOrEqualTo(3);
  }

  @Test
  void leavesThatAnOldSnapshotNeedsGoWhenItIsReleased() {
    Tree tree = newTree(512);
    for (int i = 0; i < 5_000; i++) {
      commit(tree, number(i), number(i), false);
    }
    SnapshotRegistry.Slot view = registry.registerPublished();
    for (int i = 0; i < 5_000; i++) {
      commit(tree, number(i), null, false);
    }
    TreeCursor cursor = tree.scan(new byte[0], null, view.position());
    for (int i = 0; i < 5_000; i++) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(number(i));
    }
    assertThat(tree.scan(new byte[0], null, Tree.LIVE).next()).isFalse();
    view.release();
    for (int i = 0; i < 1_000; i++) {
      commit(tree, number(1), number(1), false);
    }
    assertThat(tree.shape().leaves()).isLessThanOrEqualTo(3);
  }

  @Test
  void rolledBackInsertsLeaveNoLeaves() {
    Tree tree = newTree(512);
    Commit commit = new Commit();
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      Write write = Write.put(number(i), number(i));
      assertThat(tree.install(write, commit, 0)).isTrue();
      writes.add(write);
    }
    commit.decide(Commit.ABORTED);
    writes.forEach(write -> tree.forget(write, commit));
    tree.tidy(10_000);
    assertThat(tree.scan(new byte[0], null, Tree.LIVE).next()).isFalse();
    assertThat(tree.shape().leaves()).isEqualTo(1);
  }
}
