package org.macekv.examples.bank;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.examples.CommandRun;
import org.macekv.option.Durability;

class BankTest {
  private static final UUID ID = new UUID(1, 2);

  @TempDir private Path directory;

  @Test
  void aTransferIsInBothAccountsAndInTheBook() {
    try (Bank bank = open(2)) {
      assertThat(bank.transfer(ID, new Transfer(0, 1, Bank.OPENING_CENTS))).isTrue();

      assertThat(bank.hasBooked(ID)).isTrue();
      assertThat(bank.audit()).isEqualTo(2 * Bank.OPENING_CENTS);
      // Account 0 is empty now, account 1 has it all.
      assertThat(bank.transfer(new UUID(3, 4), new Transfer(0, 1, 1))).isFalse();
      assertThat(bank.transfer(new UUID(5, 6), new Transfer(1, 0, 2 * Bank.OPENING_CENTS)))
          .isTrue();
    }
  }

  @Test
  void aTransferWithoutCoverChangesNothing() {
    try (Bank bank = open(2)) {
      assertThat(bank.transfer(ID, new Transfer(0, 1, Bank.OPENING_CENTS + 1))).isFalse();

      assertThat(bank.hasBooked(ID)).isFalse();
      assertThat(bank.audit()).isEqualTo(2 * Bank.OPENING_CENTS);
    }
  }

  @Test
  void theSumHoldsWithManyThreadsOnFewAccounts() {
    CommandRun run =
        CommandRun.of(
            "bank",
            "--store=" + directory,
            "--accounts=3",
            "--threads=8",
            "--transfers=4000",
            "--durability=BUFFERED");

    assertThat(run.exitCode()).as(run.err()).isZero();
    try (Bank bank = open(3)) {
      assertThat(bank.audit()).isEqualTo(3 * Bank.OPENING_CENTS);
      assertThat(bank.transferCount()).isGreaterThan(1000);
      assertThat(run.out())
          .contains("3 accounts hold 3,000.00 in all, as they should, after 0 transfers.")
          .contains(String.format("after %,d transfers.", bank.transferCount()));
    }
  }

  @Test
  void aBankThatHasAccountsKeepsThem() {
    open(5).close();
    try (Bank bank = open(7)) {
      assertThat(bank.accountCount()).isEqualTo(5);
    }
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    CommandRun run = CommandRun.of("bank", "--store=" + directory, "--accounts=1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--accounts is 1, expected 2 or more");
  }

  private Bank open(int accounts) {
    Bank bank = Bank.open(directory, Durability.BUFFERED);
    bank.openAccounts(accounts);
    return bank;
  }
}
