package org.macekv.examples.bank;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.examples.ChildJvm;
import org.macekv.examples.ChildJvm.Outcome;
import org.macekv.option.Durability;

/** A bank in a JVM of its own, killed in mid-work again and again. */
class BankCrashTest {
  private static final int ACCOUNTS = 10;
  private static final int KILLS = Boolean.getBoolean("mace.soak") ? 20 : 6;
  private static final String ACKNOWLEDGED = "transfer ";
  private static final int ID_LENGTH = 36;

  @TempDir private Path directory;

  @Test
  void everyAcknowledgedTransferIsThereAndTheSumHolds() throws Exception {
    long seed = Long.getLong("mace.seed", new Random().nextLong());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Set<UUID> acknowledged = new HashSet<>();
    for (int round = 0; round < KILLS; round++) {
      Durability durability = round % 2 == 0 ? Durability.WRITE : Durability.SYNC;
      Outcome outcome = runAndKill(durability, 1 + random.nextInt(300));
      assertThat(outcome.killed()).as(outcome.text()).isTrue();
      outcome.lines().stream()
          .filter(BankCrashTest::isAcknowledged)
          .forEach(
              line -> acknowledged.add(UUID.fromString(line.substring(ACKNOWLEDGED.length()))));
      check(acknowledged);
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(KILLS);
  }

  /** More transfers than it can ever make before it is killed. */
  private Outcome runAndKill(Durability durability, int transfers) throws Exception {
    try (ChildJvm child =
        new ChildJvm(
            directory,
            "bank",
            "--store=bank",
            "--accounts=" + ACCOUNTS,
            "--threads=4",
            "--transfers=10000000",
            "--durability=" + durability,
            "--acknowledge")) {
      return child.killAfter(transfers, BankCrashTest::isAcknowledged);
    }
  }

  private void check(Set<UUID> acknowledged) {
    try (Bank bank = Bank.open(directory.resolve("bank"), Durability.WRITE)) {
      assertThat(bank.audit()).isEqualTo(ACCOUNTS * Bank.OPENING_CENTS);
      assertThat(acknowledged).allMatch(bank::hasBooked);
    }
  }

  /** A whole line only: the kill may have cut the last one. */
  private static boolean isAcknowledged(String line) {
    return line.startsWith(ACKNOWLEDGED) && line.length() == ACKNOWLEDGED.length() + ID_LENGTH;
  }
}
