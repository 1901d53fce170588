package org.macekv.internal.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.macekv.internal.format.LeafPage;
import org.macekv.internal.mvcc.Horizon;
import org.macekv.internal.mvcc.Version;

/**
 * Reorganizes leaf states: folding moves into the base what everybody sees and drops what nobody
 * can; cutting and joining serve splits and merges.
 */
final class LeafFold {
  private LeafFold() {}

  /** The same leaf with as much of the delta as possible in the base. */
  static LeafState fold(LeafState state, Horizon horizon) {
    LeafBuilder builder = new LeafBuilder();
    int next = 0;
    for (int i = 0; i < state.codes.length; i++) {
      int rank = state.codes[i] >> 1;
      boolean inBase = (state.codes[i] & 1) != 0;
      builder.run(state, next, rank);
      next = inBase ? rank + 1 : rank;
      foldEntry(builder, state, rank, inBase, state.entries[i], horizon);
    }
    builder.run(state, next, LeafPage.count(state.page));
    return builder.build(prefixOf(state), LeafPage.prefixLength(state.page));
  }

  private static void foldEntry(
      LeafBuilder builder,
      LeafState state,
      int rank,
      boolean inBase,
      Version head,
      Horizon horizon) {
    Version chain = horizon.prune(head);
    Version last = chain;
    while (last != null && last.older() != null) {
      last = last.older();
    }
    if (last == null || last.commit().position() > horizon.oldest()) {
      if (inBase) {
        builder.run(state, rank, rank + 1);
      }
      if (chain != null) {
        builder.entry(chain, inBase);
      }
      return;
    }
    boolean lives = last.value() != Version.TOMBSTONE;
    if (lives) {
      builder.insert(last.key(), last.value());
    }
    Version rest = withoutLast(chain);
    if (rest != null) {
      builder.entry(rest, lives);
    }
  }

  private static @Nullable Version withoutLast(@Nullable Version chain) {
    List<Version> kept = new ArrayList<>();
    for (Version version = chain; version != null && version.older() != null; ) {
      kept.add(version);
      version = version.older();
    }
    return Version.chain(kept);
  }

  private static byte[] prefixOf(LeafState state) {
    int length = LeafPage.prefixLength(state.page);
    byte[] prefix = new byte[length];
    System.arraycopy(state.page, LeafPage.PREFIX, prefix, 0, length);
    return prefix;
  }

  /**
   * A place between two keys of a leaf.
   *
   * @param base how many base entries lie before it
   * @param delta how many delta entries lie before it
   */
  record Cut(int base, int delta) {}

  /**
   * The place before which about {@code bytes} of the leaf lie; at least one key on either side.
   */
  static Cut cutAt(LeafState state, int bytes) {
    int baseCount = LeafPage.count(state.page);
    int base = 0;
    int delta = 0;
    int passed = 0;
    while (true) {
      int nextBase = base;
      int nextDelta = delta;
      int size = 0;
      if (delta < state.codes.length && state.codes[delta] <= 2 * base + 1) {
        size = LeafBuilder.entrySize(state.entries[delta]);
        nextDelta++;
      }
      if (nextDelta == delta || state.codes[delta] == 2 * base + 1) {
        size += baseEntrySize(state, base);
        nextBase++;
      }
      boolean last = nextBase == baseCount && nextDelta == state.codes.length;
      if (last || (passed + size > bytes && passed > 0)) {
        return new Cut(base, delta);
      }
      passed += size;
      base = nextBase;
      delta = nextDelta;
    }
  }

  private static int baseEntrySize(LeafState state, int index) {
    int size =
        LeafPage.entryOffset(state.page, index + 1)
            - LeafPage.entryOffset(state.page, index)
            + LeafPage.SLOT_LENGTH;
    return state.beside.length > 0 && state.beside[index] != null
        ? size + LeafState.valueSize(state.beside[index])
        : size;
  }

  /** How many keys the leaf has, in base and delta together. */
  static int keys(LeafState state) {
    int keys = LeafPage.count(state.page);
    for (int code : state.codes) {
      keys += (code & 1) == 0 ? 1 : 0;
    }
    return keys;
  }

  /** The greatest key before a cut. */
  static byte[] keyBefore(LeafState state, Cut cut) {
    if (cut.delta > 0 && state.codes[cut.delta - 1] >= 2 * cut.base - 1) {
      return state.entries[cut.delta - 1].key();
    }
    return LeafPage.key(state.page, cut.base - 1);
  }

  /** The least key behind a cut. */
  static byte[] keyAfter(LeafState state, Cut cut) {
    if (cut.delta < state.codes.length && state.codes[cut.delta] <= 2 * cut.base + 1) {
      return state.entries[cut.delta].key();
    }
    return LeafPage.key(state.page, cut.base);
  }

  /** Appends what lies between two cuts, as it is. */
  static void append(LeafBuilder builder, LeafState state, Cut from, Cut to) {
    int base = from.base;
    for (int i = from.delta; i < to.delta; i++) {
      int rank = state.codes[i] >> 1;
      boolean inBase = (state.codes[i] & 1) != 0;
      int until = inBase ? rank + 1 : rank;
      builder.run(state, base, until);
      base = until;
      builder.entry(state.entries[i], inBase);
    }
    builder.run(state, base, to.base);
  }

  /** The cut before all keys. */
  static Cut start() {
    return new Cut(0, 0);
  }

  /** The cut behind all keys. */
  static Cut end(LeafState state) {
    return new Cut(LeafPage.count(state.page), state.codes.length);
  }
}
