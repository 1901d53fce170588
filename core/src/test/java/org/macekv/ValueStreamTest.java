package org.macekv;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.macekv.Samples.bytes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.error.CorruptionException;
import org.macekv.error.LimitExceededException;
import org.macekv.error.StoreClosedException;
import org.macekv.option.BucketOptions;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/** Values go in and out as streams, and are what they would be as arrays. */
@Timeout(120)
class ValueStreamTest {
  private static final int CHUNK = 60 << 10;
  private static final byte[] KEY = bytes("key");
  private static final byte[] OTHER = bytes("other");
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withDurability(Durability.BUFFERED).withLogSegmentBytes(1 << 20);

  private final StoreDirectory directory = StoreDirectory.create();
  private final Mace store = Mace.open(directory.path(), OPTIONS);
  private final Bucket bucket =
      store.bucket("b", BucketOptions.defaults().withInlineLimitBytes(1000));

  @AfterEach
  void close() {
    store.close();
    directory.close();
  }

  private static byte[] all(ValueStream stream) throws IOException {
    try (ValueStream in = requireNonNull(stream)) {
      assertThat(in.length()).isLessThanOrEqualTo(Bucket.MAX_VALUE_BYTES);
      return in.readAllBytes();
    }
  }

  private static InputStream in(byte[] value) {
    return new ByteArrayInputStream(value);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 999, 1000, 1001, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 1_000_000, 3_456_789})
  void whatGoesInAsAStreamOrArrayComesOutAsEither(int length) throws IOException {
    byte[] value = Samples.value(length, length);
    bucket.putStream(KEY, in(value));
    bucket.put(OTHER, value);
    for (int round = 0; round < 2; round++) {
      assertThat(bucket.get(KEY)).isEqualTo(value);
      assertThat(all(bucket.openStream(KEY))).isEqualTo(value);
      assertThat(all(bucket.openStream(OTHER))).isEqualTo(value);
      try (View view = store.view()) {
        assertThat(all(view.openStream(bucket, KEY))).isEqualTo(value);
      }
      store.checkpoint();
    }
    assertThat(bucket.count()).isEqualTo(2);
    assertThat(store.openSnapshots()).isEmpty();
  }

  @Test
  void aValueThatIsNotThereIsNoStream() {
    assertThat(bucket.openStream(KEY)).isNull();
    try (View view = store.view();
        Transaction tx = store.begin()) {
      assertThat(view.openStream(bucket, KEY)).isNull();
      tx.put(bucket, KEY, KEY);
      tx.delete(bucket, KEY);
      assertThat(tx.openStream(bucket, KEY)).isNull();
    }
    assertThat(store.openSnapshots()).isEmpty();
  }

  @Test
  void piecesAreReadAsTheyAreAskedFor() throws IOException {
    byte[] value = Samples.value(200_000, 1);
    bucket.put(KEY, value);
    try (ValueStream stream = requireNonNull(bucket.openStream(KEY))) {
      assertThat(stream.length()).isEqualTo(value.length);
      assertThat(stream.available()).isZero();
      assertThat(stream.read()).isEqualTo(value[0] & 0xff);
      assertThat(stream.available()).isEqualTo(CHUNK - 1);
      assertThat(stream.skip(100)).isEqualTo(100);
      assertThat(stream.read()).isEqualTo(value[101] & 0xff);
      assertThat(stream.skip(CHUNK)).isEqualTo(CHUNK);
      assertThat(stream.read()).isEqualTo(value[102 + CHUNK] & 0xff);
      byte[] some = new byte[100_000];
      int count = stream.readNBytes(some, 10, 90_000);
      assertThat(count).isEqualTo(90_000);
      assertThat(java.util.Arrays.copyOfRange(some, 10, 90_010))
          .isEqualTo(java.util.Arrays.copyOfRange(value, 103 + CHUNK, 103 + CHUNK + 90_000));
      assertThat(stream.skip(1 << 30)).isEqualTo(value.length - 103 - CHUNK - 90_000);
      assertThat(stream.read()).isEqualTo(-1);
      assertThat(stream.read(some)).isEqualTo(-1);
      assertThat(stream.read(some, 0, 0)).isZero();
      assertThat(stream.skip(1)).isZero();
      assertThat(stream.skip(-1)).isZero();
    }
  }

  @Test
  void aStreamShowsTheValueThatWasThereWhenItWasOpened() throws IOException {
    byte[] value = Samples.value(500_000, 1);
    bucket.put(KEY, value);
    ValueStream stream = requireNonNull(bucket.openStream(KEY));
    assertThat(stream.read()).isEqualTo(value[0] & 0xff);
    assertThat(store.openSnapshots()).hasSize(1);
    for (int i = 2; i < 40; i++) {
      bucket.put(KEY, Samples.value(500_000, i)); // what it reads becomes hard to keep
      bucket.put(OTHER, Samples.value(100_000, i));
    }
    store.clean();
    byte[] rest = stream.readAllBytes();
    stream.close();
    stream.close();
    assertThat(rest).isEqualTo(java.util.Arrays.copyOfRange(value, 1, value.length));
    assertThat(store.openSnapshots()).isEmpty();
  }

  @Test
  void aValueThatIsMovedWhileItIsReadIsReadOn() throws IOException {
    byte[] value = Samples.value(500_000, 1);
    bucket.put(KEY, value);
    ValueStream stream = requireNonNull(bucket.openStream(KEY));
    assertThat(stream.read()).isEqualTo(value[0] & 0xff);
    for (int i = 2; i < 40; i++) {
      bucket.put(OTHER, Samples.value(200_000, i)); // garbage around it
    }
    store.checkpoint();
    store.clean();
    assertThat(store.statistics().space().movedValueBytes()).isGreaterThanOrEqualTo(value.length);
    assertThat(stream.readAllBytes())
        .isEqualTo(java.util.Arrays.copyOfRange(value, 1, value.length));
    stream.close();
    assertThat(bucket.get(KEY)).isEqualTo(value);
  }

  @Test
  void aTransactionReadsItsOwnStreamsAndCopiesThem() throws IOException {
    byte[] value = Samples.value(300_000, 1);
    bucket.put(OTHER, value);
    byte[] both = store.transact(this::copyTwice);
    assertThat(both).hasSize(2 * value.length);
    assertThat(bucket.get(KEY)).isEqualTo(both);
  }

  private byte[] copyTwice(Transaction tx) {
    try (ValueStream first = requireNonNull(tx.openStream(bucket, OTHER));
        ValueStream second = requireNonNull(tx.openStream(bucket, OTHER))) {
      tx.putStream(bucket, KEY, new SequenceInputStream(first, second));
      assertThat(bucket.contains(KEY)).isFalse();
      return all(tx.openStream(bucket, KEY));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aStreamThatWasNotCommittedIsNotThere() throws IOException {
    byte[] value = Samples.value(300_000, 1);
    try (Transaction tx = store.begin()) {
      tx.putStream(bucket, KEY, in(value));
      assertThat(tx.get(bucket, KEY)).isEqualTo(value);
    }
    assertThat(bucket.get(KEY)).isNull();
  }

  @Test
  void whatTheUsersStreamThrowsIsThrownAndNothingIsSet() throws IOException {
    IOException failure = new IOException("the user's");
    for (int length : new int[] {10, 100_000}) {
      InputStream breaking =
          new SequenceInputStream(in(Samples.value(length, 1)), new FailingStream(failure));
      assertThatThrownBy(() -> bucket.putStream(KEY, breaking)).isSameAs(failure);
      try (Transaction tx = store.begin()) {
        tx.putStream(bucket, OTHER, in(OTHER));
        InputStream again =
            new SequenceInputStream(in(Samples.value(length, 1)), new FailingStream(failure));
        assertThatThrownBy(() -> tx.putStream(bucket, KEY, again)).isSameAs(failure);
        tx.commit(); // goes on without it
      }
    }
    assertThat(bucket.get(KEY)).isNull();
    assertThat(bucket.get(OTHER)).isEqualTo(OTHER);
  }

  private static final class FailingStream extends InputStream {
    private final IOException failure;

    FailingStream(IOException failure) {
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      throw failure;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      throw failure;
    }
  }

  @Test
  void aStreamThatNeverEndsIsRefusedAtTheLimit() {
    try (Mace memory = Mace.temporary(directory.path(), OPTIONS.withLogSegmentBytes(64 << 20))) {
      Bucket other = memory.bucket("b");
      assertThatThrownBy(() -> other.putStream(KEY, new EndlessStream()))
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContaining("" + Bucket.MAX_VALUE_BYTES);
      assertThat(other.get(KEY)).isNull();
    }
  }

  private static final class EndlessStream extends InputStream {
    @Override
    public int read() {
      return 1;
    }

    @Override
    public int read(byte[] target, int from, int length) {
      return length;
    }
  }

  @Test
  void aStreamEndsWithWhatItCameFrom() throws IOException {
    bucket.put(KEY, Samples.value(300_000, 1));
    ValueStream ofView;
    try (View view = store.view()) {
      ofView = requireNonNull(view.openStream(bucket, KEY));
    }
    assertThatThrownBy(ofView::read)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("view is closed");
    ValueStream ofTransaction;
    try (Transaction tx = store.begin()) {
      ofTransaction = requireNonNull(tx.openStream(bucket, KEY));
    }
    assertThatThrownBy(ofTransaction::read)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("transaction has ended");
    ValueStream closed = requireNonNull(bucket.openStream(KEY));
    closed.close();
    assertThatThrownBy(closed::read)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stream is closed");
    try (ValueStream ofBucket = requireNonNull(bucket.openStream(KEY))) {
      store.close();
      assertThatThrownBy(ofBucket::read).isInstanceOf(StoreClosedException.class);
    }
  }

  @Test
  void damageIsFoundBeforeAByteOfThePieceIsHandedOut() throws IOException {
    byte[] value = Samples.value(300_000, 1);
    bucket.put(KEY, value);
    store.sync();
    Path segment = directory.path().resolve(StoreImage.read(directory.path()).segments().get(0));
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(100_000); // in the second chunk
      int was = file.read();
      file.seek(100_000);
      file.write(was ^ 1);
    }
    try (ValueStream stream = requireNonNull(bucket.openStream(KEY))) {
      assertThat(stream.readNBytes(CHUNK)).isEqualTo(java.util.Arrays.copyOf(value, CHUNK));
      assertThatThrownBy(stream::read)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(segment.getFileName().toString());
    }
  }

  @Test
  void aValueThatIsLargerThanTheHeapWouldAllowTwiceGoesThrough() throws IOException {
    int length = 700 << 20; // the tests' heap is 1 GiB
    try (Mace temporary = Mace.temporary(directory.path(), OPTIONS.withLogSegmentBytes(64 << 20))) {
      Bucket large = temporary.bucket("b");
      large.putStream(KEY, new PatternStream(length));
      long sum = 0;
      try (ValueStream stream = requireNonNull(large.openStream(KEY))) {
        assertThat(stream.length()).isEqualTo(length);
        byte[] buffer = new byte[1 << 16];
        for (int count; (count = stream.read(buffer)) >= 0; ) {
          for (int i = 0; i < count; i++, sum++) {
            if (buffer[i] != (byte) (sum * 31)) {
              throw new AssertionError("byte " + sum + " is " + buffer[i]);
            }
          }
        }
      }
      assertThat(sum).isEqualTo(length);
    }
  }

  /** Bytes that tell their place. */
  private static final class PatternStream extends InputStream {
    private final long length;
    private long position;

    PatternStream(long length) {
      this.length = length;
    }

    @Override
    public int read() {
      return position == length ? -1 : (byte) (position++ * 31) & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int count) {
      if (position == length) {
        return -1;
      }
      int given = (int) Math.min(count, length - position);
      for (int i = 0; i < given; i++) {
        target[from + i] = (byte) (position++ * 31);
      }
      return given;
    }
  }
}
