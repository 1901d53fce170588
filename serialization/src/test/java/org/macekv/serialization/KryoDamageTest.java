package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.macekv.serialization.Specimens.Derived;
import org.macekv.serialization.Specimens.Everything;
import org.macekv.serialization.Specimens.Holder;
import org.macekv.serialization.Specimens.Level;
import org.macekv.serialization.Specimens.Loop;
import org.macekv.serialization.Specimens.Pair;
import org.macekv.serialization.Specimens.Person;
import org.macekv.serialization.Specimens.Point;

/** Bytes that no serializer made: a value or a {@link SerializationException}, nothing else. */
class KryoDamageTest {
  private static final boolean SOAK = Boolean.getBoolean("mace.soak");
  private static final int[] ALL_BYTES = IntStream.range(0, 256).toArray();

  private final ClassCatalog catalog = new InMemoryClassCatalog();
  private final Serializer<Object> serializer =
      KryoSerialization.builder(catalog)
          .register(
              Everything.class, Point.class, Level.class, Pair.class, Person.class, Derived.class)
          .register(Loop.class, Holder.class)
          .build()
          .of(Object.class);

  private static List<Object> values() {
    Person ann = new Person("Ann");
    ann.friends.add(ann);
    Derived derived = new Derived("é\ud800", 1, 2);
    derived.other = derived;
    return List.of(
        Specimens.everything(),
        ann,
        derived,
        new Pair(new int[] {1, 2, 3}, new String[] {"a", null}),
        new Object[] {new long[2], new double[1], new boolean[3], new BitSet(7), new byte[9][1]},
        new TreeMap<>(Map.of("a", List.of(1, 2), "b", Optional.of(3))),
        List.of(
            EnumSet.of(Level.LOW),
            new EnumMap<>(Map.of(Level.HIGH, 1)),
            ZonedDateTime.of(2024, 1, 2, 3, 4, 5, 6, ZoneId.of("Asia/Tokyo"))));
  }

  @Test
  void everyCutIsAnError() {
    for (Object value : values()) {
      byte[] bytes = serializer.serialize(value);
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> serializer.deserialize(cut))
            .isInstanceOf(SerializationException.class);
      }
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      assertThatThrownBy(() -> serializer.deserialize(longer))
          .isInstanceOf(SerializationException.class);
    }
  }

  @Test
  void everyChangedByteGivesAValueOrAnError() {
    for (Object value : values()) {
      byte[] bytes = serializer.serialize(value);
      for (int i = 0; i < bytes.length; i++) {
        for (int b : SOAK ? ALL_BYTES : flips(bytes[i])) {
          byte[] changed = bytes.clone();
          changed[i] = (byte) b;
          readOrRefuse(changed);
        }
      }
      assertThat(serializer.serialize(serializer.deserialize(bytes))).isEqualTo(bytes);
    }
  }

  @Test
  void hostileLengthsAtEveryPlaceGiveAnErrorWithoutTheMemory() {
    byte[] huge = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};
    byte[] negative = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 15};
    for (Object value : values()) {
      byte[] bytes = serializer.serialize(value);
      for (int i = 1; i < bytes.length; i++) {
        readOrRefuse(spliced(bytes, i, huge));
        readOrRefuse(spliced(bytes, i, negative));
      }
    }
  }

  @Test
  void randomBytesGiveAValueOrAnError() {
    for (Object value : values()) {
      serializer.serialize(value); // gives the classes their numbers
    }
    for (int seed = 0; seed < (SOAK ? 100_000 : 4000); seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[1 + random.nextInt(40)];
      random.nextBytes(bytes);
      bytes[0] = 1;
      for (int i = 1; i < bytes.length; i++) {
        bytes[i] = random.nextInt(4) == 0 ? bytes[i] : (byte) (bytes[i] & 31);
      }
      try {
        readOrRefuse(bytes);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /**
   * Arrays in arrays in arrays, each with as many elements as there are bytes left: every one of
   * them could be true, all together can't. Together they would take gigabytes.
   */
  @Test
  void nestedHostileLengthsClaimNoMoreThanTheBytesHold() {
    int id = catalog.idOf("java.lang.Object[]");
    byte[] bytes = new byte[4_000_000];
    int at = 0;
    bytes[at++] = 1;
    for (int depth = 0; depth < 900; depth++) {
      bytes[at++] = (byte) (id + 1);
      bytes[at++] = 1;
      int size = bytes.length - at - 4;
      bytes[at++] = (byte) (size | 0x80);
      bytes[at++] = (byte) (size >>> 7 | 0x80);
      bytes[at++] = (byte) (size >>> 14 | 0x80);
      bytes[at++] = (byte) (size >>> 21);
    }
    assertThatThrownBy(() -> serializer.deserialize(bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("elements");
  }

  @Test
  void longestLegalListOfNullsComesBack() {
    List<Object> nulls = new ArrayList<>(Arrays.asList(new Object[100_000]));
    assertThat(serializer.deserialize(serializer.serialize(nulls))).isEqualTo(nulls);
  }

  @Test
  void tooDeepGraphIsRefusedWhenWrittenAndWhenRead() {
    assertThatThrownBy(() -> serializer.serialize(chain(5000)))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("depth");
    byte[] bytes = serializer.serialize(chain(2));
    assertThat(depth(serializer.deserialize(bytes))).isEqualTo(2);
    byte[] deep = deepen(bytes, 100_000);
    assertThatThrownBy(() -> serializer.deserialize(deep))
        .isInstanceOf(SerializationException.class);
  }

  private static void runOnStackOf(int bytes, Runnable task) throws InterruptedException {
    Thread thread = new Thread(null, task, "stack of " + bytes, bytes);
    thread.start();
    thread.join();
  }

  @Test
  void smallStackGivesAnErrorToo() throws InterruptedException {
    Loop chain = chain(990);
    // The interpreter's frames are large: the default stack may be too small for this, too.
    AtomicReference<byte[]> written = new AtomicReference<>();
    runOnStackOf(64 << 20, () -> written.set(serializer.serialize(chain)));
    byte[] bytes = written.get();
    AtomicReference<Throwable> writing = new AtomicReference<>();
    AtomicReference<Throwable> reading = new AtomicReference<>();
    runOnStackOf(
        160 << 10,
        () -> {
          writing.set(thrownBy(() -> serializer.serialize(chain)));
          reading.set(thrownBy(() -> serializer.deserialize(bytes)));
        });
    assertThat(writing.get()).isInstanceOfAny(SerializationException.class, NoFailure.class);
    assertThat(reading.get()).isInstanceOfAny(SerializationException.class, NoFailure.class);
    AtomicReference<Object> read = new AtomicReference<>();
    runOnStackOf(64 << 20, () -> read.set(serializer.deserialize(bytes)));
    assertThat(depth(read.get())).as("the serializer still works").isEqualTo(990);
  }

  @Test
  void serializerWorksOnAfterFailures() {
    Pair bad = new Pair(new HashMap<>(Map.of("a", new Object())), 1);
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> serializer.serialize(bad))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining(".first[a]");
      Pair good = new Pair(1, new ArrayList<>(List.of(i)));
      assertThat(serializer.deserialize(serializer.serialize(good))).isEqualTo(good);
    }
  }

  /** Each bit changed, and all of them. */
  private static int[] flips(byte b) {
    return IntStream.concat(IntStream.range(0, 8).map(bit -> b ^ 1 << bit), IntStream.of(~b))
        .toArray();
  }

  /** An exception that says there was none. */
  private static final class NoFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static Throwable thrownBy(Runnable action) {
    try {
      action.run();
      return new NoFailure();
    } catch (Throwable e) {
      return e;
    }
  }

  private void readOrRefuse(byte[] bytes) {
    Throwable thrown = thrownBy(() -> serializer.deserialize(bytes));
    assertThat(thrown)
        .as(() -> Arrays.toString(bytes))
        .isInstanceOfAny(SerializationException.class, NoFailure.class);
  }

  private static byte[] spliced(byte[] bytes, int at, byte[] inserted) {
    byte[] result = Arrays.copyOf(bytes, Math.max(bytes.length, at + inserted.length));
    System.arraycopy(inserted, 0, result, at, inserted.length);
    return result;
  }

  private static Loop chain(int length) {
    Loop first = new Loop();
    Loop last = first;
    for (int i = 1; i < length; i++) {
      Loop next = new Loop();
      last.target = next;
      last = next;
    }
    return first;
  }

  private static int depth(Object chain) {
    int depth = 0;
    for (Object o = chain; o != null; o = ((Loop) o).target) {
      depth++;
    }
    return depth;
  }

  /** Repeats the two bytes of a chain's link. */
  private static byte[] deepen(byte[] bytes, int links) {
    byte[] result = new byte[1 + 2 * links + 1];
    result[0] = bytes[0];
    for (int i = 0; i < links; i++) {
      result[1 + 2 * i] = bytes[1];
      result[2 + 2 * i] = bytes[2];
    }
    return result;
  }
}
