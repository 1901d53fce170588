package org.macekv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.macekv.ModelStore.ModelBucket;
import org.macekv.error.BucketDroppedException;
import org.macekv.error.ConflictException;
import org.macekv.option.BucketOptions;
import org.macekv.option.BulkLoadOptions;
import org.macekv.option.Compression;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;

/**
 * Runs a {@link StoreProgram} on a store and on a {@link ModelStore} side by side and compares all
 * that can be seen. One thread: what it checks is the order of things, not their races.
 */
final class StoreProgramRun implements AutoCloseable {
  private static final int SLOTS = 4;
  private static final List<String> NAMES = List.of("apple", "birch", "cedar");
  private static final int[] VALUE_LENGTHS = {
    0, 1, 5, 30, 100, 255, 256, 257, 300, 1000, 4095, 4096, 4097, 6000
  };

  /** A bucket's handle and its model; kept when it is dropped. */
  private record Pair(Bucket bucket, ModelBucket model) {}

  private record OpenTransaction(Transaction transaction, ModelStore.Writes writes) {}

  private record OpenView(View view, ModelStore.Snapshot snapshot) {}

  private record OpenCursor(
      int view, Cursor cursor, Iterator<Map.Entry<byte[], byte[]>> expected) {}

  private final MaceOptions options;
  private final BucketOptions bucketOptions;
  private boolean dropped; // a bucket, since the store was opened
  private boolean compressed = true; // if the options say so

  /** Where the store is, or null if it is in memory. */
  private @Nullable StoreDirectory directory;

  private Mace store;
  private final ModelStore model = new ModelStore();
  private final List<Pair> pairs = new ArrayList<>();
  private final OpenTransaction[] transactions = new OpenTransaction[SLOTS];
  private final OpenView[] views = new OpenView[SLOTS];
  private final OpenCursor[] cursors = new OpenCursor[SLOTS];
  private final StringBuilder trace = new StringBuilder();

  StoreProgramRun(boolean inMemory, MaceOptions options, BucketOptions bucketOptions) {
    this.options = options;
    this.bucketOptions = bucketOptions;
    if (inMemory) {
      store = Mace.inMemory(options);
    } else {
      directory = newDirectory();
      store = Mace.open(directory.path(), options);
    }
    NAMES.forEach(this::create);
  }

  /** Stores of thousands of small files are for the quick file system. */
  private StoreDirectory newDirectory() {
    boolean small = options.logSegmentBytes() < MaceOptions.defaults().logSegmentBytes();
    return small ? StoreDirectory.createQuick() : StoreDirectory.create();
  }

  /** Runs the steps and compares everything at the end. */
  void run(StoreProgram program) {
    for (StoreProgram.Step step : program.steps()) {
      trace.append(step.kind());
      run(step);
      trace.append('\n');
    }
    checkAll();
  }

  /** What was done so far, one line a step that did anything. */
  String trace() {
    return trace.toString();
  }

  @Override
  public void close() {
    try {
      store.close();
    } finally {
      if (directory != null) {
        directory.close();
      }
    }
  }

  private void run(StoreProgram.Step step) {
    SplittableRandom random = new SplittableRandom(step.seed());
    int slot = random.nextInt(SLOTS);
    switch (step.kind()) {
      case PUT, DELETE, GET_AND_PUT, GET_AND_DELETE -> write(step.kind(), random);
      case GET -> get(random);
      case SCAN -> scan(random);
      case SCAN_WHILE_WRITING -> scanWhileWriting(random);
      case COUNT -> count(random);
      case BEGIN -> begin(slot, random);
      case TX_PUT -> txWrite(slot, random, value(random));
      case TX_DELETE -> txWrite(slot, random, null);
      case TX_GET, TX_SCAN, TX_COUNT, TX_SCAN_WHILE_WRITING -> txRead(step.kind(), slot, random);
      case COMMIT, ROLLBACK, CLOSE_TX -> end(step.kind(), slot);
      case OPEN_VIEW -> openView(slot);
      case VIEW_GET, VIEW_SCAN, VIEW_COUNT -> viewRead(step.kind(), slot, random);
      case VIEW_BUCKETS -> viewBuckets(slot);
      case CLOSE_VIEW -> closeView(slot);
      case OPEN_CURSOR -> openCursor(slot, random);
      case MOVE_CURSOR -> moveCursor(slot, 1 + random.nextInt(20));
      case TRANSACT -> transact(random);
      case BULK_PUT -> bulk(random, true);
      case BULK_DELETE -> bulk(random, false);
      case CREATE -> {
        compressed = random.nextBoolean();
        create(NAMES.get(random.nextInt(NAMES.size())));
      }
      case DROP -> drop(random);
      case LOAD -> load(random);
      case SYNC -> store.sync();
      case CHECKPOINT -> store.checkpoint();
      case CLEAN -> store.clean();
      case CHECK_ALL -> checkAll();
      case REOPEN -> reopen(random, false);
      case REOPEN_COPY -> reopen(random, true);
    }
  }

  // Buckets and the life of the store.

  private void create(String name) {
    if (model.find(name) == null) {
      Bucket bucket = store.bucket(name, bucketOptionsOf(name));
      pairs.add(new Pair(bucket, model.create(name)));
    } else {
      BucketOptions wanted = bucketOptionsOf(name);
      assertThat(store.bucket(name, wanted).options()).isEqualTo(wanted);
    }
  }

  private BucketOptions bucketOptionsOf(String name) {
    BucketOptions plain = bucketOptions.withCounted(!name.equals("birch"));
    return compressed ? plain : plain.withCompression(Compression.NONE);
  }

  private void drop(SplittableRandom random) {
    // Seldom: a program needs buckets that grow.
    if (random.nextInt(4) > 0) {
      return;
    }
    String name = NAMES.get(random.nextInt(NAMES.size()));
    trace.append(' ').append(name);
    boolean exists = model.find(name) != null;
    if (exists && model.bucketNames().size() == 1) {
      return; // one stays, to work on
    }
    assertThat(store.dropBucket(name)).isEqualTo(exists);
    if (exists) {
      model.drop(name);
      dropped = true;
    }
  }

  private void load(SplittableRandom random) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    if (model.find(name) != null) {
      if (model.bucketNames().size() == 1 || random.nextBoolean()) {
        return;
      }
      store.dropBucket(name);
      model.drop(name);
    }
    dropped = true; // a checkpoint comes in either case
    boolean sorted = random.nextBoolean();
    int count = random.nextInt(300);
    trace.append(' ').append(name).append(' ').append(count).append(sorted ? " sorted" : "");
    NavigableMap<byte[], byte[]> entries = Samples.sortedMap();
    BulkLoadOptions how = BulkLoadOptions.defaults().withSorted(sorted).withMemoryBytes(64 << 10);
    try (BulkLoader loader = store.bulkLoad(name, bucketOptionsOf(name), how)) {
      for (int i = 0; i < count; i++) {
        byte[] key = HurtfulKeys.key(random);
        byte[] value = value(random);
        entries.put(key, value);
        if (!sorted) {
          put(loader, key, value);
        }
      }
      if (random.nextInt(3) == 0) {
        store.checkpoint();
      }
      if (sorted) {
        entries.forEach((key, value) -> put(loader, key, value));
      }
      assertThat(store.findBucket(name)).isNull();
      if (random.nextInt(5) == 0) {
        trace.append(" abandoned");
        return;
      }
      pairs.add(new Pair(loader.commit(), model.load(name, entries)));
    }
    assertThat(store.findBucket(name)).isNotNull();
  }

  private static void put(BulkLoader loader, byte[] key, byte[] value) {
    byte[] ownKey = key.clone();
    byte[] ownValue = value.clone();
    loader.put(ownKey, ownValue);
    overwrite(ownKey);
    overwrite(ownValue);
  }

  /** Closes and opens the store, or opens a copy made of its files while it was open. */
  private void reopen(SplittableRandom random, boolean copy) {
    if (directory == null || random.nextInt(4) > 0) {
      return;
    }
    trace.append(" done");
    // A copy is what a crash leaves only if no checkpoint deletes files meanwhile.
    boolean quiet = options.cacheBytes() == 0;
    boolean copyWhileOpen = copy && quiet && options.durability() != Durability.BUFFERED;
    StoreDirectory next = directory;
    if (copyWhileOpen) {
      if (dropped) { // the background may be about to give their space back
        store.pauseCleaning();
        store.checkpoint();
      }
      next = newDirectory();
      StoreImage.read(directory.path()).writeTo(next.path());
    }
    store.close();
    if (copyWhileOpen) {
      directory.close();
    }
    directory = next;
    dropped = false;
    StoreContents read = random.nextBoolean() ? readOnly() : null;
    store = Mace.open(directory.path(), options);
    if (read != null) {
      assertThat(StoreContents.of(store)).isEqualTo(read);
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      transactions[slot] = null;
      views[slot] = null;
      cursors[slot] = null;
    }
    pairs.clear();
    assertThat(store.bucketNames()).isEqualTo(model.bucketNames());
    for (String name : model.bucketNames()) {
      pairs.add(new Pair(store.findBucket(name), model.find(name)));
    }
    checkAll();
  }

  /** What somebody sees who opens the store for reading only. */
  private @Nullable StoreContents readOnly() {
    if (!Files.exists(directory.path().resolve("LOCK"))) {
      return null; // a copy
    }
    try (Mace reading = Mace.open(directory.path(), options.withReadOnly(true))) {
      return StoreContents.of(reading);
    }
  }

  // Single operations.

  private void write(StoreProgram.Kind kind, SplittableRandom random) {
    Pair pair = pair(random);
    byte[] key = HurtfulKeys.key(random);
    boolean put = kind == StoreProgram.Kind.PUT || kind == StoreProgram.Kind.GET_AND_PUT;
    byte[] value = put ? value(random) : null;
    note(pair, key, value);
    if (pair.model.isDropped()) {
      assertThatThrownBy(() -> apply(kind, pair.bucket, key, value))
          .isInstanceOf(BucketDroppedException.class);
      return;
    }
    byte[] result = apply(kind, pair.bucket, key, value);
    byte[] before = model.write(pair.model, key, value);
    if (kind == StoreProgram.Kind.GET_AND_PUT || kind == StoreProgram.Kind.GET_AND_DELETE) {
      assertThat(Samples.describe(result)).isEqualTo(Samples.describe(before));
    }
  }

  private static byte @Nullable [] apply(
      StoreProgram.Kind kind, Bucket bucket, byte[] key, byte @Nullable [] value) {
    // The store gets arrays of its own, which are overwritten as soon as it returns.
    byte[] ownKey = key.clone();
    byte[] ownValue = value == null ? null : value.clone();
    byte[] result = null;
    switch (kind) {
      case PUT -> bucket.put(ownKey, ownValue);
      case DELETE -> bucket.delete(ownKey);
      case GET_AND_PUT -> result = bucket.getAndPut(ownKey, ownValue);
      default -> result = bucket.getAndDelete(ownKey);
    }
    overwrite(ownKey);
    overwrite(ownValue);
    return result;
  }

  private static void overwrite(byte @Nullable [] bytes) {
    if (bytes != null) {
      java.util.Arrays.fill(bytes, (byte) 0x55);
    }
  }

  private void get(SplittableRandom random) {
    Pair pair = livePair(random);
    if (pair != null) {
      byte[] key = HurtfulKeys.key(random);
      note(pair, key, null);
      byte[] expected = pair.model.entries().get(key);
      byte[] actual = pair.bucket.get(key);
      assertThat(Samples.describe(actual)).isEqualTo(Samples.describe(expected));
      assertThat(pair.bucket.contains(key)).isEqualTo(expected != null);
      overwrite(actual);
    }
  }

  private void scan(SplittableRandom random) {
    Pair pair = livePair(random);
    if (pair != null) {
      boolean up = random.nextBoolean();
      KeyRange range = range(random);
      trace.append(' ').append(pair.model.name).append(up ? " up " : " down ").append(range);
      Cursor cursor = up ? pair.bucket.scan(range) : pair.bucket.scanReverse(range);
      EntryComparison.compare(
          cursor, EntryComparison.iterator(pair.model.entries(), range, up), Integer.MAX_VALUE);
    }
  }

  private void count(SplittableRandom random) {
    Pair pair = livePair(random);
    if (pair != null) {
      assertThat(pair.bucket.count()).isEqualTo(pair.model.entries().size());
    }
  }

  /** A weakly consistent cursor: untouched entries exactly, touched ones as they once were. */
  private void scanWhileWriting(SplittableRandom random) {
    Pair pair = livePair(random);
    if (pair == null) {
      return;
    }
    boolean up = random.nextBoolean();
    NavigableMap<byte[], List<String>> once = Samples.describedValues(pair.model.entries());
    NavigableMap<byte[], byte[]> untouched = Samples.sortedMap();
    untouched.putAll(pair.model.entries());
    Cursor cursor = up ? pair.bucket.scan(KeyRange.all()) : pair.bucket.scanReverse(KeyRange.all());
    byte[] last = null;
    while (cursor.next()) {
      byte[] key = cursor.key();
      if (last != null) {
        assertThat(java.util.Arrays.compareUnsigned(last, key) < 0).isEqualTo(up);
      }
      last = key;
      assertThat(once).containsKey(key);
      assertThat(once.get(key)).contains(Samples.describe(cursor.value()));
      untouched.remove(key);
      if (random.nextInt(20) == 0) {
        byte[] touched = HurtfulKeys.key(random);
        byte[] value = random.nextBoolean() ? value(random) : null;
        apply(
            value == null ? StoreProgram.Kind.DELETE : StoreProgram.Kind.PUT,
            pair.bucket,
            touched,
            value);
        model.write(pair.model, touched, value);
        once.computeIfAbsent(touched, k -> new ArrayList<>()).add(Samples.describe(value));
        untouched.remove(touched);
      }
    }
    assertThat(untouched.keySet().stream().map(Samples::describe)).isEmpty();
  }

  // Transactions.

  private void begin(int slot, SplittableRandom random) {
    if (transactions[slot] == null) {
      TransactionOptions how = TransactionOptions.defaults();
      if (options.durability() != Durability.SYNC && random.nextInt(8) == 0) {
        how = how.withDurability(Durability.SYNC);
      }
      transactions[slot] = new OpenTransaction(store.begin(how), model.begin());
      trace.append(" in ").append(slot);
    }
  }

  private void txWrite(int slot, SplittableRandom random, byte @Nullable [] value) {
    OpenTransaction open = transactions[slot];
    Pair pair = pair(random);
    if (open != null) {
      byte[] key = HurtfulKeys.key(random);
      trace.append(" in ").append(slot);
      note(pair, key, value);
      txWrite(open, pair, key, value);
    }
  }

  private static void txWrite(
      OpenTransaction open, Pair pair, byte[] key, byte @Nullable [] value) {
    byte[] ownKey = key.clone();
    byte[] ownValue = value == null ? null : value.clone();
    try {
      if (value == null) {
        open.transaction.delete(pair.bucket, ownKey);
      } else {
        open.transaction.put(pair.bucket, ownKey, ownValue);
      }
      open.writes.write(pair.model, key, value);
    } catch (BucketDroppedException e) {
      assertThat(pair.model.isDropped()).isTrue();
    }
    overwrite(ownKey);
    overwrite(ownValue);
  }

  private void txRead(StoreProgram.Kind kind, int slot, SplittableRandom random) {
    OpenTransaction open = transactions[slot];
    if (open == null) {
      return;
    }
    Pair pair = pair(random);
    trace.append(" in ").append(slot).append(' ').append(pair.model.name);
    try {
      if (kind == StoreProgram.Kind.TX_SCAN_WHILE_WRITING) {
        txScanWhileWriting(open, pair, random);
      } else {
        read(kind, open.transaction, pair, open.writes.of(pair.model), random);
      }
    } catch (BucketDroppedException e) {
      // Views go on reading a bucket that was dropped; transactions need not.
      assertThat(pair.model.isDropped()).isTrue();
    }
  }

  private void txScanWhileWriting(OpenTransaction open, Pair pair, SplittableRandom random) {
    boolean up = random.nextBoolean();
    KeyRange range = range(random);
    trace.append(up ? " up " : " down ").append(range);
    Cursor cursor =
        up
            ? open.transaction.scan(pair.bucket, range)
            : open.transaction.scanReverse(pair.bucket, range);
    byte[] last = null;
    for (int steps = 0; steps < 40; steps++) {
      var rest = last == null ? range : rest(range, last, up);
      var expected = EntryComparison.iterator(open.writes.of(pair.model), rest, up);
      if (!expected.hasNext()) {
        assertThat(cursor.next()).isFalse();
        return;
      }
      last = EntryComparison.compareNext(cursor, expected.next());
      if (random.nextInt(3) == 0) {
        byte[] key = HurtfulKeys.key(random);
        byte[] value = random.nextBoolean() ? value(random) : null;
        trace.append(" after ").append(Samples.describe(last));
        note(pair, key, value);
        txWrite(open, pair, key, value);
      }
    }
  }

  private static KeyRange rest(KeyRange range, byte[] last, boolean up) {
    return range.intersect(up ? KeyRange.greaterThan(last) : KeyRange.lessThan(last));
  }

  private void end(StoreProgram.Kind kind, int slot) {
    OpenTransaction open = transactions[slot];
    if (open == null) {
      return;
    }
    trace.append(" in ").append(slot);
    transactions[slot] = null;
    assertThat(open.transaction.isOpen()).isTrue();
    switch (kind) {
      case COMMIT -> commit(open);
      case ROLLBACK -> open.transaction.rollback();
      default -> open.transaction.close();
    }
    assertThat(open.transaction.isOpen()).isFalse();
    open.transaction.close();
  }

  private void commit(OpenTransaction open) {
    List<String> conflicts = open.writes.conflicts();
    List<String> possible = open.writes.emptyConflicts();
    possible.addAll(conflicts);
    boolean dropped = open.writes.wroteToDroppedBucket();
    try {
      open.transaction.commit();
      assertThat(conflicts).isEmpty();
      assertThat(dropped).isFalse();
      model.commit(open.writes);
    } catch (ConflictException e) {
      trace.append(" conflict");
      assertThat(possible).contains(ModelStore.conflict(e.bucket(), e.key()));
    } catch (BucketDroppedException e) {
      trace.append(" dropped");
      assertThat(dropped).isTrue();
    }
  }

  private void transact(SplittableRandom random) {
    Pair pair = livePair(random);
    if (pair == null) {
      return;
    }
    ModelStore.Writes writes = model.begin();
    int result =
        store.transact(
            transaction -> {
              for (int i = 0; i < 5; i++) {
                byte[] key = HurtfulKeys.key(random);
                byte[] value = random.nextInt(3) == 0 ? null : value(random);
                note(pair, key, value);
                txWrite(new OpenTransaction(transaction, writes), pair, key, value);
              }
              return 7;
            });
    assertThat(result).isEqualTo(7);
    model.commit(writes);
  }

  /** Many keys in order, or a range emptied, in one transaction: leaves split and go away. */
  private void bulk(SplittableRandom random, boolean put) {
    Pair pair = livePair(random);
    if (pair == null) {
      return;
    }
    OpenTransaction open = new OpenTransaction(store.begin(), model.begin());
    int from = random.nextInt(600);
    trace.append(' ').append(pair.model.name).append(put ? " put " : " delete ").append(from);
    if (put) {
      for (int i = from; i < from + 100; i++) {
        txWrite(open, pair, Samples.number(i), Samples.value(random.nextInt(60), i));
      }
    } else {
      KeyRange range = KeyRange.of(Samples.number(from), Samples.number(from + 300));
      var doomed = new ArrayList<byte[]>();
      EntryComparison.iterator(pair.model.entries(), range, true)
          .forEachRemaining(e -> doomed.add(e.getKey()));
      doomed.forEach(key -> txWrite(open, pair, key, null));
    }
    commit(open);
  }

  // Views.

  private void openView(int slot) {
    if (views[slot] == null) {
      trace.append(" in ").append(slot);
      views[slot] = new OpenView(store.view(), model.snapshot());
    }
  }

  private void viewRead(StoreProgram.Kind kind, int slot, SplittableRandom random) {
    OpenView open = views[slot];
    if (open == null) {
      return;
    }
    Pair pair = pair(random);
    trace.append(" in ").append(slot).append(' ').append(pair.model.name);
    if (isDroppedFor(open, pair)) {
      // One that came and went behind the view's back: empty or dropped, both are true.
      if (pair.model.droppedAt() <= open.snapshot.sequence()) {
        assertThatThrownBy(() -> open.view.get(pair.bucket, new byte[1]))
            .isInstanceOf(BucketDroppedException.class);
      }
    } else {
      read(kind, open.view, pair, open.snapshot.of(pair.model), random);
    }
  }

  private static boolean isDroppedFor(OpenView open, Pair pair) {
    return pair.model.isDropped() && !open.snapshot.entries().containsKey(pair.model);
  }

  private void viewBuckets(int slot) {
    OpenView open = views[slot];
    if (open != null) {
      for (String name : NAMES) {
        ModelBucket expected = open.snapshot.find(name);
        Bucket actual = open.view.findBucket(name);
        assertThat(actual == null).as(name).isEqualTo(expected == null);
        if (expected != null) {
          EntryComparison.compareAll(open.view, actual, open.snapshot.of(expected));
        }
      }
    }
  }

  private void closeView(int slot) {
    if (views[slot] != null) {
      trace.append(" in ").append(slot);
      views[slot].view.close();
      for (int i = 0; i < SLOTS; i++) {
        if (cursors[i] != null && cursors[i].view == slot) {
          cursors[i] = null;
        }
      }
      views[slot] = null;
    }
  }

  private void openCursor(int slot, SplittableRandom random) {
    int view = random.nextInt(SLOTS);
    OpenView open = views[view];
    Pair pair = pair(random);
    if (open != null && !isDroppedFor(open, pair)) {
      boolean up = random.nextBoolean();
      KeyRange range = range(random);
      trace.append(" in ").append(slot).append(' ').append(pair.model.name).append(' ').append(up);
      trace.append(range);
      Cursor cursor =
          up ? open.view.scan(pair.bucket, range) : open.view.scanReverse(pair.bucket, range);
      var expected = EntryComparison.iterator(open.snapshot.of(pair.model), range, up);
      cursors[slot] = new OpenCursor(view, cursor, expected);
    }
  }

  private void moveCursor(int slot, int steps) {
    if (cursors[slot] != null) {
      trace.append(" in ").append(slot);
      EntryComparison.compare(cursors[slot].cursor, cursors[slot].expected, steps);
    }
  }

  // Comparing.

  private void read(
      StoreProgram.Kind kind,
      SnapshotReader reader,
      Pair pair,
      NavigableMap<byte[], byte[]> expected,
      SplittableRandom random) {
    switch (kind) {
      case TX_GET, VIEW_GET -> {
        byte[] key = HurtfulKeys.key(random);
        trace.append(' ').append(Samples.describe(key));
        byte[] actual = reader.get(pair.bucket, key);
        assertThat(Samples.describe(actual)).isEqualTo(Samples.describe(expected.get(key)));
        assertThat(reader.contains(pair.bucket, key)).isEqualTo(expected.containsKey(key));
        overwrite(actual);
      }
      case TX_COUNT, VIEW_COUNT -> assertThat(reader.count(pair.bucket)).isEqualTo(expected.size());
      default -> {
        boolean up = random.nextBoolean();
        KeyRange range = range(random);
        trace.append(up ? " up " : " down ").append(range);
        Cursor cursor =
            up ? reader.scan(pair.bucket, range) : reader.scanReverse(pair.bucket, range);
        EntryComparison.compare(
            cursor, EntryComparison.iterator(expected, range, up), Integer.MAX_VALUE);
      }
    }
  }

  private void checkAll() {
    assertThat(store.bucketNames()).isEqualTo(model.bucketNames());
    try (View view = store.view()) {
      for (Pair pair : pairs) {
        if (!pair.model.isDropped()) {
          EntryComparison.compareAll(view, pair.bucket, pair.model.entries());
          assertThat(pair.bucket.count()).isEqualTo(pair.model.entries().size());
        }
      }
    }
    for (OpenView open : views) {
      for (Pair pair : pairs) {
        if (open != null && !isDroppedFor(open, pair)) {
          EntryComparison.compareAll(open.view, pair.bucket, open.snapshot.of(pair.model));
        }
      }
    }
    for (OpenTransaction open : transactions) {
      for (Pair pair : pairs) {
        if (open != null && !pair.model.isDropped()) {
          EntryComparison.compareAll(open.transaction, pair.bucket, open.writes.of(pair.model));
        }
      }
    }
  }

  // Choices.

  private Pair pair(SplittableRandom random) {
    // Mostly one of the newest, so that old handles of dropped buckets stay an exception.
    int back = random.nextInt(random.nextInt(10) == 0 ? pairs.size() : NAMES.size());
    return pairs.get(Math.max(0, pairs.size() - 1 - back));
  }

  private @Nullable Pair livePair(SplittableRandom random) {
    Pair pair = pair(random);
    return pair.model.isDropped() ? null : pair;
  }

  private static KeyRange range(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> KeyRange.all();
      case 1 -> KeyRange.prefix(HurtfulKeys.bound(random));
      case 2 -> KeyRange.atLeast(HurtfulKeys.bound(random));
      case 3 -> KeyRange.greaterThan(HurtfulKeys.key(random));
      case 4 -> KeyRange.lessThan(HurtfulKeys.key(random));
      case 5 -> KeyRange.atMost(HurtfulKeys.key(random));
      default -> KeyRange.of(HurtfulKeys.bound(random), HurtfulKeys.bound(random));
    };
  }

  private static byte[] value(SplittableRandom random) {
    int length =
        random.nextInt(150) == 0
            ? 50_000 + random.nextInt(300_000)
            : VALUE_LENGTHS[random.nextInt(random.nextInt(3) == 0 ? VALUE_LENGTHS.length : 6)];
    return Samples.value(length, random.nextLong());
  }

  private void note(Pair pair, byte[] key, byte @Nullable [] value) {
    trace.append(' ').append(pair.model.name).append(' ').append(Samples.describe(key));
    if (value != null) {
      trace.append(" = ").append(value.length).append(" B");
    }
  }
}
