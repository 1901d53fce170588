package org.macekv.examples.atlas;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.PrintStream;
import java.util.Locale;

/**
 * How far a long piece of work has come: a bar that is redrawn on a terminal, a line at every
 * twentieth elsewhere. Thread-safe.
 */
final class Progress {
  private static final int WIDTH = 40;
  private static final int LINES = 20;
  private static final int REDRAWS = 400;

  private final PrintStream out;
  private final boolean terminal;
  private final String unit;
  private final long total;

  @GuardedBy("this")
  private long done;

  /**
   * @param out where it is shown
   * @param terminal whether a line there can be redrawn
   * @param unit what is counted, in the plural
   * @param done how much was done before
   * @param total how much there is to do
   */
  Progress(PrintStream out, boolean terminal, String unit, long done, long total) {
    this.out = out;
    this.terminal = terminal;
    this.unit = unit;
    this.done = done;
    this.total = total;
  }

  /** One more is done. */
  synchronized void advance() {
    long before = step(done);
    done++;
    if (step(done) > before) {
      show();
    }
  }

  @GuardedBy("this")
  private long step(long amount) {
    return amount * (terminal ? REDRAWS : LINES) / total;
  }

  @GuardedBy("this")
  private void show() {
    String figures =
        String.format(Locale.ROOT, "%3d%%  %,d of %,d %s", 100 * done / total, done, total, unit);
    if (!terminal) {
      out.println(figures);
    } else {
      int filled = (int) (WIDTH * done / total);
      String bar = "#".repeat(filled) + ".".repeat(WIDTH - filled);
      out.print("\r[" + bar + "] " + figures + (done == total ? "\n" : ""));
    }
    out.flush();
  }
}
