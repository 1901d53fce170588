package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.macekv.serialization.BinarySpecimens.Groups;
import org.macekv.serialization.BinarySpecimens.Node;
import org.macekv.serialization.BinarySpecimens.Order;
import org.macekv.serialization.BinarySpecimens.Status;
import org.macekv.serialization.BinarySpecimens.Tree;

/** Bytes that {@link BinarySerializer} did not make: a value or a refusal, nothing else. */
class BinaryDamageTest {

  /** A serializer and the bytes of a value. */
  @SuppressWarnings("ArrayRecordComponent") // it is compared by nobody
  private record Sample<T>(Class<T> type, Serializer<T> serializer, byte[] bytes) {
    static <T> Sample<T> of(Class<T> type, T value) {
      Serializer<T> serializer = BinarySerializer.of(type);
      return new Sample<>(type, serializer, serializer.serialize(value));
    }

    /** Whether it was read; else it was refused in the right way. */
    boolean readOrRefuse(byte[] changed) {
      try {
        T value = serializer.deserialize(changed);
        assertThat(value).isInstanceOf(type);
        assertThat(serializer.serialize(value)).isNotNull();
        return true;
      } catch (SerializationException e) {
        assertThat(e).hasMessageContaining(type.getName());
        return false;
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError(HexFormat.of().formatHex(changed), e);
      }
    }
  }

  private static List<Sample<?>> samples() {
    List<Sample<?>> samples = new ArrayList<>();
    samples.add(Sample.of(Order.class, BinarySpecimens.order()));
    samples.add(Sample.of(Node.class, BinarySpecimens.chain(5)));
    samples.add(Sample.of(BinarySpecimens.Arrays.class, BinarySpecimens.arrays()));
    samples.add(
        Sample.of(
            Groups.class,
            new Groups(
                new LinkedHashSet<>(List.of("a", "\ud800", "é")), Map.of("k", List.of(1L, -1L)))));
    for (int seed = 0; seed < 20; seed++) {
      samples.add(Sample.of(Tree.class, BinarySpecimens.tree(new Random(seed), 2)));
    }
    return samples;
  }

  @Test
  void everyCutIsRefused() {
    for (Sample<?> sample : samples()) {
      for (int length = 0; length < sample.bytes().length; length++) {
        byte[] cut = Arrays.copyOf(sample.bytes(), length);
        assertThat(sample.readOrRefuse(cut)).as("cut at %d", length).isFalse();
      }
      byte[] longer = Arrays.copyOf(sample.bytes(), sample.bytes().length + 1);
      assertThatThrownBy(() -> sample.serializer().deserialize(longer))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("1 bytes too many");
    }
  }

  @Test
  void everyChangedByteGivesAValueOrARefusal() {
    int read = 0;
    int refused = 0;
    for (Sample<?> sample : samples()) {
      for (int i = 0; i < sample.bytes().length; i++) {
        for (int bit = 0; bit <= 8; bit++) {
          byte[] changed = sample.bytes().clone();
          changed[i] ^= (byte) (bit == 8 ? 0xff : 1 << bit);
          if (sample.readOrRefuse(changed)) {
            read++;
          } else {
            refused++;
          }
        }
      }
    }
    assertThat(read).as("read").isPositive();
    assertThat(refused).as("refused").isPositive();
  }

  @Test
  void randomBytesGiveAValueOrARefusal() {
    List<Sample<?>> samples = samples().subList(0, 5);
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = random.nextInt(4) == 0 ? bytes[i] : (byte) (bytes[i] & 7);
      }
      for (Sample<?> sample : samples) {
        sample.readOrRefuse(bytes);
      }
    }
  }

  private static <T> void assertMalformed(Class<T> type, String hex, String reason) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> BinarySerializer.of(type).deserialize(bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining(type.getName())
        .hasMessageContaining(reason);
  }

  @Test
  void malformedPartsAreNamed() {
    assertMalformed(Boolean.class, "02", "0 or 1");
    assertMalformed(Integer.class, "8000", "varint");
    assertMalformed(Integer.class, "FFFFFFFF1F", "varint");
    assertMalformed(Integer.class, "FFFFFFFF8F01", "varint");
    assertMalformed(Long.class, "FFFFFFFFFFFFFFFFFF03", "varint");
    assertMalformed(Long.class, "FFFFFFFFFFFFFFFFFF8101", "varint");
    assertMalformed(String.class, "00", "null");
    assertMalformed(String.class, "0361", "2 elements in 1 bytes");
    assertMalformed(String.class, "FFFFFFFF0F61", "4294967294 elements");
    assertMalformed(String.class, "808080800861", "2147483647 elements");
    assertMalformed(String.class, "02FF", "malformed string");
    assertMalformed(long[].class, "03" + "00".repeat(15), "2 elements in 15 bytes");
    assertMalformed(Status.class, "0241", "no constant A");
    assertMalformed(java.time.Instant.class, "003B9ACA00", "nanosecond");
    assertMalformed(java.time.LocalTime.class, "FFFFFFFFFFFFFFFFFF01", "DateTimeException");
    assertMalformed(java.time.ZoneId.class, "0241", "DateTimeException");
    assertMalformed(java.math.BigInteger.class, "01", "NumberFormatException");
  }

  /**
   * Trees in lists in trees, each list with as many elements as there are bytes left: every one of
   * them could be true, all together can't. Together they would take gigabytes.
   */
  @Test
  void nestedHostileCountsClaimNoMoreThanTheBytesHold() {
    byte[] bytes = new byte[4_000_000];
    int at = 0;
    for (int depth = 0; depth < BinarySerializer.MOST_DEPTH; depth++) {
      at += 3; // no label, no weight, no leaf
      int count = bytes.length - at - 4;
      bytes[at++] = (byte) ((count + 1) | 0x80);
      bytes[at++] = (byte) ((count + 1) >>> 7 | 0x80);
      bytes[at++] = (byte) ((count + 1) >>> 14 | 0x80);
      bytes[at++] = (byte) ((count + 1) >>> 21);
      bytes[at++] = 1; // a tree
    }
    assertThatThrownBy(() -> BinarySerializer.of(Tree.class).deserialize(bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("elements in " + (bytes.length - 15));
  }

  @Test
  void longestLegalListOfNullsComesBack() {
    Serializer<Tree> serializer = BinarySerializer.of(Tree.class);
    List<@Nullable Tree> nulls = Arrays.asList(new @Nullable Tree[100_000]);
    Tree tree = new Tree(null, 0, null, nulls, null, null);
    assertThat(serializer.deserialize(serializer.serialize(tree))).isEqualTo(tree);
  }

  // ---- Depth ----------------------------------------------------------------------------------

  /** The bytes of a chain, however long. */
  private static byte[] chainBytes(int length) {
    byte[] bytes = new byte[2 * length];
    IntStream.range(0, length - 1).forEach(i -> bytes[2 * i + 1] = 1);
    return bytes;
  }

  @Test
  void depthHasALimitWhenWrittenAndWhenRead() {
    Serializer<Node> serializer = BinarySerializer.of(Node.class);
    int most = BinarySerializer.MOST_DEPTH + 1; // the first is not within another
    Node deepest = BinarySpecimens.chain(most);
    assertThat(serializer.deserialize(serializer.serialize(deepest))).isEqualTo(deepest);
    assertThat(serializer.deserialize(chainBytes(most)).value()).isZero();
    for (int length : new int[] {most + 1, 1_000_000}) {
      byte[] bytes = chainBytes(length);
      assertThatThrownBy(() -> serializer.deserialize(bytes))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("more than 256 deep");
    }
    assertThatThrownBy(() -> serializer.serialize(BinarySpecimens.chain(most + 1)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("more than 256 deep");
  }

  @Test
  void depthIsNotTheNumber() {
    Serializer<Tree> serializer = BinarySerializer.of(Tree.class);
    Tree leaf = new Tree("leaf", 1, null, null, null, null);
    Tree wide = new Tree("root", 1, null, new ArrayList<>(), null, null);
    for (int i = 0; i < 2 * BinarySerializer.MOST_DEPTH; i++) {
      wide.children().add(leaf);
    }
    assertThat(serializer.deserialize(serializer.serialize(wide))).isEqualTo(wide);
  }

  private static @Nullable Throwable thrownOnStackOf(int bytes, Runnable task)
      throws InterruptedException {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Runnable caught =
        () -> {
          try {
            task.run();
          } catch (Throwable e) {
            thrown.set(e);
          }
        };
    Thread thread = new Thread(null, caught, "stack of " + bytes, bytes);
    thread.start();
    thread.join();
    return thrown.get();
  }

  @Test
  void smallStackGivesARefusalToo() throws InterruptedException {
    Serializer<Node> serializer = BinarySerializer.of(Node.class);
    Node chain = BinarySpecimens.chain(BinarySerializer.MOST_DEPTH);
    byte[] bytes = serializer.serialize(chain); // what it needs is loaded now
    serializer.deserialize(bytes);
    int refusals = 0;
    for (int kilobytes = 120; kilobytes <= 4096; kilobytes += kilobytes / 3) {
      List<Runnable> tasks =
          List.of(() -> serializer.serialize(chain), () -> serializer.deserialize(bytes));
      for (Runnable task : tasks) {
        Throwable thrown = thrownOnStackOf(kilobytes << 10, task);
        if (thrown != null) {
          assertThat(thrown).isInstanceOf(SerializationException.class);
          refusals++;
        }
      }
    }
    assertThat(refusals).as("of the smallest stack").isPositive();
    assertThat(thrownOnStackOf(4 << 20, () -> serializer.deserialize(bytes))).isNull();
  }
}
