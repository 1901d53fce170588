package org.macekv.examples.exchange;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.macekv.collections.PersistentStore;
import org.macekv.examples.CommandFailure;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a day of an exchange, in memory or in a store. */
@Command(
    name = "exchange",
    description =
        "Runs a stock exchange that was written for TreeMaps, in memory, or with --store in a store:"
            + " each run is another day there.",
    mixinStandardHelpOptions = true)
public final class ExchangeCommand implements Runnable {
  private final PrintStream out;

  @Option(names = "--store", paramLabel = "DIR", description = "Where its maps are kept.")
  private @Nullable Path directory;

  @Option(
      names = "--orders",
      paramLabel = "N",
      description = "How many orders there are (default: ${DEFAULT-VALUE}).")
  private int orders = 20_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What the day is made up from (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  /** Creates the command; its output goes to {@code out}. */
  public ExchangeCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public void run() {
    CommandFailure.requireAtLeast(0, "--orders", orders);
    if (directory == null) {
      day(new Exchange(Books.inMemory()));
      return;
    }
    MaceOptions options = MaceOptions.defaults().withDurability(Durability.WRITE);
    try (PersistentStore store = PersistentStore.open(directory, options)) {
      day(new Exchange(Books.in(store)));
    }
  }

  private void day(Exchange exchange) {
    Session session = new Session(exchange, seed);
    session.run(orders);
    out.printf(
        Locale.ROOT,
        "%,d orders are open, %,d were refused, there were %,d trades; the books are %s.%n",
        exchange.openOrders(),
        session.refused(),
        exchange.tradeCount(),
        exchange.isSound() ? "sound" : "NOT sound");
    exchange.mostTraded(5).forEach(line -> out.println("traded: " + line));
    exchange.lastTrades(3).forEach(trade -> out.println("last: " + trade));
    out.println("depth of ACME: " + exchange.depth("ACME", Side.BUY, 3));
  }
}
