package org.macekv.internal.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.macekv.internal.engine.Engine;
import org.macekv.internal.engine.Environment;
import org.macekv.internal.io.MemoryStorage;
import org.macekv.internal.txn.StoredBucket;
import org.macekv.internal.txn.WriteTransaction;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import org.macekv.option.TransactionOptions;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * Two threads use a transaction, which belongs to one at a time: a call is done as a whole or
 * refused, and a savepoint takes back what was done since, whoever did it. In the results 1 is
 * done, or there, -1 refused. What is not named is forbidden.
 */
@JCStressTest
@Outcome(id = "1, 1, 0, [01]", expect = ACCEPTABLE, desc = "both; the second perhaps taken back")
@Outcome(id = "1, -1, 0, 0", expect = ACCEPTABLE, desc = "the first")
@Outcome(id = "-1, 1, [01], [01]", expect = ACCEPTABLE, desc = "the first as far as it came")
@Outcome(id = "-1, -1, [01], 0", expect = ACCEPTABLE, desc = "the first as far as it came")
@State
public class SavepointStress {
  private static final Engine ENGINE =
      Engine.open(
          new MemoryStorage("m"),
          MaceOptions.defaults().withDurability(Durability.BUFFERED),
          Environment.seeded(1));
  private static final StoredBucket BUCKET = ENGINE.bucket("b", null);
  private static final byte[] ONE = {1};
  private static final byte[] TWO = {2};

  private final WriteTransaction transaction = ENGINE.begin(TransactionOptions.defaults(), ENGINE);

  /** Writes and takes it back. */
  @Actor
  public void one(IIII_Result result) {
    try {
      WriteTransaction.Mark mark = transaction.mark();
      transaction.put(BUCKET, ONE, ONE);
      transaction.rollback(mark);
      result.r1 = 1;
    } catch (IllegalStateException e) {
      result.r1 = -1;
    }
  }

  /** Writes. */
  @Actor
  public void other(IIII_Result result) {
    try {
      transaction.put(BUCKET, TWO, TWO);
      result.r2 = 1;
    } catch (IllegalStateException e) {
      result.r2 = -1;
    }
  }

  /** Reads, and ends. */
  @Arbiter
  public void after(IIII_Result result) {
    result.r3 = transaction.get(BUCKET, ONE) == null ? 0 : 1;
    result.r4 = transaction.get(BUCKET, TWO) == null ? 0 : 1;
    transaction.rollback();
  }
}
