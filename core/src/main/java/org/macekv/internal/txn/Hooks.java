package org.macekv.internal.txn;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be run once when a transaction has ended, one way or the other. Confined to its
 * transaction.
 */
final class Hooks {
  private List<Runnable> afterCommit = List.of();
  private List<Runnable> afterRollback = List.of();

  void addAfterCommit(Runnable hook) {
    afterCommit = with(afterCommit, hook);
  }

  void addAfterRollback(Runnable hook) {
    afterRollback = with(afterRollback, hook);
  }

  private static List<Runnable> with(List<Runnable> hooks, Runnable hook) {
    List<Runnable> longer = hooks.isEmpty() ? new ArrayList<>() : hooks;
    longer.add(hook);
    return longer;
  }

  void committed() {
    runAll(afterCommit);
  }

  void rolledBack() {
    runAll(afterRollback);
  }

  /** What they throw can't change the outcome any more. */
  private void runAll(List<Runnable> hooks) {
    afterCommit = List.of();
    afterRollback = List.of();
    for (Runnable each : hooks) {
      try {
        each.run();
      } catch (Throwable e) {
        System.getLogger(Hooks.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "a hook failed that was to run when a transaction had ended",
                e);
      }
    }
  }
}
