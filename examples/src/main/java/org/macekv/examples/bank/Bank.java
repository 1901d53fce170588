package org.macekv.examples.bank;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.macekv.collections.PersistentNavigableMap;
import org.macekv.collections.PersistentStore;
import org.macekv.collections.TransactionScope;
import org.macekv.examples.CommandFailure;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

/**
 * Accounts with money, and the book of all transfers between them. Thread-safe.
 *
 * <p>Invariants, at every moment and after every crash: the balances add up to {@link
 * #OPENING_CENTS} for each account, none is negative, and each balance is what the book makes of
 * it.
 */
public final class Bank implements AutoCloseable {
  /** What every account starts with. */
  public static final long OPENING_CENTS = 1_000_00;

  private final PersistentStore store;
  private final PersistentNavigableMap<Integer, Long> balances;
  private final PersistentNavigableMap<UUID, Transfer> book;

  private Bank(PersistentStore store) {
    this.store = store;
    balances = store.navigableMap("balances", Integer.class, Long.class);
    book = store.navigableMap("book", UUID.class, Transfer.class);
  }

  /** Opens the bank in {@code directory}; creates it, without accounts, if there is none. */
  public static Bank open(Path directory, Durability durability) {
    MaceOptions options = MaceOptions.defaults().withDurability(durability);
    PersistentStore store = PersistentStore.open(directory, options);
    try {
      return new Bank(store);
    } catch (RuntimeException | Error failure) {
      store.close();
      throw failure;
    }
  }

  /**
   * Opens the first accounts, all in one transaction; a bank that has some keeps those.
   *
   * @param accounts how many, 2 or more
   */
  public void openAccounts(int accounts) {
    try (TransactionScope scope = store.begin()) {
      if (balances.isEmpty()) {
        for (int number = 0; number < accounts; number++) {
          balances.set(number, OPENING_CENTS);
        }
      }
      scope.commit();
    }
  }

  /** How many accounts there are; their numbers start at 0. */
  public int accountCount() {
    return balances.size();
  }

  /**
   * Makes one transfer, with all that belongs to it, in a transaction. When it returns, the
   * transfer is as safe as the bank's durability promises. Threads that want the same accounts at
   * once are sorted out by conflict and retry.
   *
   * @return false if the account has not enough money; nothing has changed then
   */
  public boolean transfer(UUID id, Transfer transfer) {
    return store.transact(
        () -> {
          long giver = balance(transfer.from());
          long taker = balance(transfer.to());
          if (giver < transfer.cents()) {
            return false;
          }
          balances.set(transfer.from(), giver - transfer.cents());
          balances.set(transfer.to(), taker + transfer.cents());
          book.set(id, transfer);
          return true;
        });
  }

  private long balance(int account) {
    Long cents = balances.get(account);
    if (cents == null) {
      throw new IllegalArgumentException("there is no account " + account);
    }
    return cents;
  }

  /** The transfer of this id, if it is in the book. */
  public boolean hasBooked(UUID id) {
    return book.containsKey(id);
  }

  /**
   * Checks the bank's invariants, in one transaction.
   *
   * @return the sum of all balances
   * @throws CommandFailure if an invariant does not hold
   */
  public long audit() {
    return store.transact(this::auditNow);
  }

  private long auditNow() {
    Map<Integer, Long> expected = new TreeMap<>();
    balances.keySet().forEach(account -> expected.put(account, OPENING_CENTS));
    for (Transfer transfer : book.values()) {
      expected.merge(transfer.from(), -transfer.cents(), Long::sum);
      expected.merge(transfer.to(), transfer.cents(), Long::sum);
    }
    long sum = 0;
    for (Map.Entry<Integer, Long> account : balances.entrySet()) {
      Long booked = expected.get(account.getKey());
      if (!account.getValue().equals(booked) || account.getValue() < 0) {
        throw new CommandFailure(
            "account " + account.getKey() + " has " + account.getValue() + ", booked " + booked);
      }
      sum += account.getValue();
    }
    if (sum != OPENING_CENTS * balances.size()) {
      throw new CommandFailure("the bank has " + sum + " for " + balances.size() + " accounts");
    }
    return sum;
  }

  /** How many transfers are in the book. */
  public int transferCount() {
    return book.size();
  }

  @Override
  public void close() {
    store.close();
  }
}
