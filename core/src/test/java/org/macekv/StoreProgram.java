package org.macekv;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A program of random steps for {@link StoreProgramRun}. Each step names slots (of transactions,
 * views, cursors) and does nothing if its slot is empty, so that any part of a program is a program
 * too: that is how {@link #reduce} finds a short one that still fails.
 */
record StoreProgram(List<Step> steps) {
  private static final int MAX_REDUCTION_RUNS = 300;

  /** What a step does, with how many of about 150 steps do it. */
  enum Kind {
    PUT(14),
    DELETE(6),
    GET_AND_PUT(4),
    GET_AND_DELETE(3),
    GET(8),
    SCAN(5),
    SCAN_WHILE_WRITING(1),
    COUNT(1),
    BEGIN(5),
    TX_PUT(18),
    TX_DELETE(8),
    TX_GET(7),
    TX_SCAN(5),
    TX_SCAN_WHILE_WRITING(2),
    TX_COUNT(1),
    COMMIT(5),
    ROLLBACK(1),
    CLOSE_TX(1),
    OPEN_VIEW(3),
    VIEW_GET(7),
    VIEW_SCAN(4),
    VIEW_COUNT(1),
    VIEW_BUCKETS(1),
    CLOSE_VIEW(2),
    OPEN_CURSOR(2),
    MOVE_CURSOR(8),
    TRANSACT(2),
    BULK_PUT(2),
    BULK_DELETE(2),
    CREATE(1),
    DROP(1),
    LOAD(1),
    SYNC(1),
    CHECKPOINT(2),
    CLEAN(1),
    CHECK_ALL(1),
    REOPEN(1),
    REOPEN_COPY(1);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }
  }

  /** One step; all that it chooses depends on {@code seed}. */
  record Step(Kind kind, long seed) {}

  /** A program that tries to throw something if it fails. */
  interface Runner {
    void run(StoreProgram program);
  }

  static StoreProgram random(long seed, int length) {
    List<Kind> kinds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < kind.weight; i++) {
        kinds.add(kind);
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<Step> steps = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      steps.add(new Step(kinds.get(random.nextInt(kinds.size())), random.nextLong()));
    }
    return new StoreProgram(steps);
  }

  /** A part of this program, which fails, that fails still; found in a bounded number of runs. */
  StoreProgram reduce(Runner runner) {
    List<Step> failing = steps;
    int runs = 0;
    for (int chunk = failing.size() / 2; chunk > 0 && runs < MAX_REDUCTION_RUNS; chunk /= 2) {
      for (int from = 0; from < failing.size() && runs < MAX_REDUCTION_RUNS; runs++) {
        List<Step> fewer = new ArrayList<>(failing.subList(0, from));
        fewer.addAll(failing.subList(Math.min(failing.size(), from + chunk), failing.size()));
        if (fails(runner, new StoreProgram(fewer))) {
          failing = fewer;
        } else {
          from += chunk;
        }
      }
    }
    return new StoreProgram(failing);
  }

  private static boolean fails(Runner runner, StoreProgram program) {
    try {
      runner.run(program);
      return false;
    } catch (RuntimeException | AssertionError e) {
      return true;
    }
  }
}
