package org.macekv.examples.bank;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.macekv.examples.CommandFailure;
import org.macekv.examples.ParallelWork;
import org.macekv.option.Durability;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets many threads move money, and audits the bank before and after. */
@Command(
    name = "bank",
    description =
        "Moves money between accounts with many threads; the sum holds, whatever happens.",
    mixinStandardHelpOptions = true)
public final class BankCommand implements Runnable {
  private static final int MOST_CENTS = 100_00;

  private final PrintStream out;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "Where the bank is (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of("bank-store");

  @Option(
      names = "--accounts",
      paramLabel = "N",
      description = "Accounts of a new bank, 2 or more (default: ${DEFAULT-VALUE}).")
  private int accounts = 100;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that move money (default: ${DEFAULT-VALUE}).")
  private int threads = 8;

  @Option(
      names = "--transfers",
      paramLabel = "N",
      description = "Transfers that are tried in all (default: ${DEFAULT-VALUE}).")
  private int transfers = 20_000;

  @Option(
      names = "--durability",
      paramLabel = "LEVEL",
      description =
          "What a transfer has survived when it is acknowledged: ${COMPLETION-CANDIDATES}"
              + " (default: ${DEFAULT-VALUE}).")
  private Durability durability = Durability.SYNC;

  @Option(names = "--acknowledge", description = "Print the id of each transfer after its commit.")
  private boolean acknowledge;

  /** Creates the command; its output goes to {@code out}. */
  public BankCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public void run() {
    CommandFailure.requireAtLeast(2, "--accounts", accounts);
    CommandFailure.requireAtLeast(1, "--threads", threads);
    CommandFailure.requireAtLeast(0, "--transfers", transfers);
    try (Bank bank = Bank.open(directory, durability)) {
      bank.openAccounts(accounts);
      printAudit(bank);
      moveMoney(bank);
      printAudit(bank);
    }
  }

  private void printAudit(Bank bank) {
    long cents = bank.audit();
    out.printf(
        Locale.ROOT,
        "%,d accounts hold %,.2f in all, as they should, after %,d transfers.%n",
        bank.accountCount(),
        cents / 100.0,
        bank.transferCount());
  }

  private void moveMoney(Bank bank) {
    AtomicInteger made = new AtomicInteger();
    long start = System.nanoTime();
    List<Integer> attempts = IntStream.range(0, transfers).boxed().toList();
    ParallelWork.run(
        threads,
        attempts,
        attempt -> {
          UUID id = UUID.randomUUID();
          if (bank.transfer(id, chooseTransfer(id, bank.accountCount()))) {
            made.incrementAndGet();
            acknowledge(id);
          }
        });
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf(
        Locale.ROOT,
        "%,d transfers by %d threads in %.1f s, each acknowledged at %s; %,d found too little money.%n",
        made.get(),
        threads,
        seconds,
        durability,
        transfers - made.get());
  }

  /** The transfer that an id stands for: two different accounts and an amount. */
  private static Transfer chooseTransfer(UUID id, int accountCount) {
    SplittableRandom random = new SplittableRandom(id.getLeastSignificantBits());
    int from = random.nextInt(accountCount);
    int to = (from + 1 + random.nextInt(accountCount - 1)) % accountCount;
    return new Transfer(from, to, 1 + random.nextInt(MOST_CENTS));
  }

  /** One line, whole: whoever reads it after a kill must not see half an id. */
  private void acknowledge(UUID id) {
    if (acknowledge) {
      out.println("transfer " + id);
      out.flush();
    }
  }
}
