package org.macekv.examples.sessions;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;
import org.macekv.collections.PersistentStore;
import org.macekv.examples.CommandFailure;
import org.macekv.examples.ParallelWork;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets many threads begin and use sessions. */
@Command(
    name = "sessions",
    description = "Begins and uses sessions with many threads; those of earlier runs are there.",
    mixinStandardHelpOptions = true)
public final class SessionsCommand implements Runnable {
  private static final int THREADS = 4;

  private final PrintStream out;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "Where the sessions are (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of("sessions-store");

  @Option(
      names = "--sessions",
      paramLabel = "N",
      description = "How many are begun (default: ${DEFAULT-VALUE}).")
  private int sessions = 10_000;

  @Option(
      names = "--capacity",
      paramLabel = "N",
      description = "How many are kept (default: ${DEFAULT-VALUE}).")
  private int capacity = 2_000;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "How long one is valid after it was used (default: ${DEFAULT-VALUE}).")
  private int minutes = 30;

  /** Creates the command; its output goes to {@code out}. */
  public SessionsCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public void run() {
    CommandFailure.requireAtLeast(0, "--sessions", sessions);
    CommandFailure.requireAtLeast(1, "--capacity", capacity);
    CommandFailure.requireAtLeast(1, "--minutes", minutes);
    MaceOptions options = MaceOptions.defaults().withDurability(Durability.BUFFERED);
    try (PersistentStore store = PersistentStore.open(directory, options)) {
      SessionStore all =
          new SessionStore(store, Clock.systemUTC(), Duration.ofMinutes(minutes), capacity);
      out.printf(Locale.ROOT, "%,d sessions were there%n", all.count());
      ParallelWork.run(
          THREADS,
          IntStream.range(0, sessions).boxed().toList(),
          i -> {
            all.begin("s" + i, "user " + i % 100);
            all.setAttribute("s" + i / 2, "page", "p" + i);
          });
      out.printf(Locale.ROOT, "%,d sessions are there now%n", all.count());
    }
  }
}
