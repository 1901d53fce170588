package org.macekv.examples.exchange;

import java.util.List;
import java.util.SplittableRandom;

/** A day of orders that are made up, always the same for the same seed. */
public final class Session {
  private static final List<String> SYMBOLS = List.of("ACME", "BOLT", "CORK", "DUSK", "ELM");
  private static final int TRADERS = 40;
  private static final int PER_MINUTE = 100;

  private final Exchange exchange;
  private final SplittableRandom random;
  private long number;
  private int refused;

  /** A session on an exchange, behind what it has. */
  public Session(Exchange exchange, long seed) {
    this.exchange = exchange;
    this.random = new SplittableRandom(seed);
    this.number = exchange.lastNumber();
  }

  /** Some orders, and what else happens. */
  public void run(int orders) {
    for (int i = 0; i < orders; i++) {
      step(i / PER_MINUTE);
    }
  }

  private void step(int minute) {
    String symbol = SYMBOLS.get(random.nextInt(SYMBOLS.size()));
    int kind = random.nextInt(1000);
    number++;
    if (kind < 2) {
      exchange.halt(symbol);
    } else if (kind < 12) {
      exchange.resume(symbol);
    } else if (kind < 17) {
      exchange.cancelAll("t" + random.nextInt(TRADERS));
    } else if (kind < 150) {
      exchange.cancel(number - 1 - random.nextInt(200));
    } else {
      Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
      long middle = 1000L * (1 + SYMBOLS.indexOf(symbol));
      long price = middle + random.nextInt(41) - 20 + (side == Side.BUY ? -4 : 4);
      try {
        exchange.submit(
            number,
            "t" + random.nextInt(TRADERS),
            symbol,
            side,
            price,
            1 + random.nextInt(100),
            minute);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
  }

  /** How many orders were refused. */
  public int refused() {
    return refused;
  }
}
