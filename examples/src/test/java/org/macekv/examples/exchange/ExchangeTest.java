package org.macekv.examples.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.collections.PersistentStore;
import org.macekv.examples.CommandRun;
import org.macekv.option.Durability;
import org.macekv.option.MaceOptions;

class ExchangeTest {
  private static final MaceOptions OPTIONS =
      MaceOptions.defaults().withDurability(Durability.BUFFERED);

  @TempDir Path directory;

  @Test
  void betterPricesAndOlderOrdersComeFirst() {
    Exchange exchange = new Exchange(Books.inMemory());
    assertThat(exchange.submit(1, "a", "X", Side.SELL, 12, 10, 0)).isEmpty();
    assertThat(exchange.submit(2, "b", "X", Side.SELL, 11, 5, 0)).isEmpty();
    assertThat(exchange.submit(3, "c", "X", Side.SELL, 11, 5, 0)).isEmpty();
    assertThat(exchange.submit(4, "d", "Y", Side.SELL, 1, 5, 0)).isEmpty();
    assertThat(exchange.bestAsk("X")).hasValue(11);
    assertThat(exchange.bestBid("X")).isEmpty();
    assertThat(exchange.depth("X", Side.SELL, 2)).isEqualTo(Map.of(11L, 10, 12L, 10));
    assertThat(exchange.submit(5, "e", "X", Side.BUY, 12, 12, 3))
        .containsExactly(
            new Trade("X", "e", "b", 11, 5, 3),
            new Trade("X", "e", "c", 11, 5, 3),
            new Trade("X", "e", "a", 12, 2, 3));
    assertThat(exchange.order(1).orElseThrow().quantity()).isEqualTo(8);
    assertThat(exchange.portfolio("e")).isEqualTo(Map.of("X", 12));
    assertThat(exchange.cancel(1)).isTrue();
    assertThat(exchange.cancel(1)).isFalse();
    assertThat(exchange.openOrders()).isEqualTo(1);
    exchange.halt("Y");
    assertThat(exchange.openOrders()).isZero();
    assertThatThrownBy(() -> exchange.submit(6, "a", "Y", Side.BUY, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Y");
    assertThat(exchange.isSound()).isTrue();
  }

  /** All that can be seen of an exchange. */
  private static List<Object> report(Books books, Exchange exchange) {
    List<Object> report = new ArrayList<>();
    report.add(List.copyOf(books.bids().entrySet()));
    report.add(List.copyOf(books.asks().entrySet()));
    report.add(List.copyOf(books.places().entrySet()));
    report.add(List.copyOf(books.holdings().entrySet()));
    report.add(List.copyOf(books.cash().entrySet()));
    report.add(List.copyOf(books.trades().entrySet()));
    report.add(List.copyOf(books.volumes().entrySet()));
    report.add(List.copyOf(books.halted()));
    report.add(exchange.lastTrades(20));
    report.add(exchange.mostTraded(5));
    report.add(IntStream.range(0, 40).mapToObj(i -> exchange.portfolio("t" + i)).toList());
    report.add(exchange.depth("CORK", Side.BUY, 5));
    report.add(exchange.depth("CORK", Side.SELL, 5));
    assertThat(exchange.isSound()).isTrue();
    return report;
  }

  @Test
  void mapsOfAStoreDoTheSameAndAreThereTheNextDay() {
    Books memory = Books.inMemory();
    Exchange before = new Exchange(memory);
    for (int day = 0; day < 3; day++) {
      new Session(before, day).run(3000);
      List<Object> expected = report(memory, before);
      try (PersistentStore store = PersistentStore.open(directory, OPTIONS)) {
        Books books = Books.in(store);
        Exchange exchange = new Exchange(books);
        Session session = new Session(exchange, day);
        session.run(3000);
        assertThat(report(books, exchange)).isEqualTo(expected);
      }
    }
    assertThat(before.tradeCount()).isGreaterThan(1000);
  }

  @Test
  void ordersCanBeTransactionsWithoutAChangeOfTheExchange() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      Books books = Books.in(store);
      Exchange exchange = new Exchange(books);
      exchange.submit(1, "a", "X", Side.SELL, 12, 10, 0);
      try (var scope = store.begin()) {
        assertThat(exchange.submit(2, "b", "X", Side.BUY, 12, 10, 0)).hasSize(1);
        scope.rollback();
      }
      assertThat(exchange.tradeCount()).isZero();
      assertThat(exchange.bestAsk("X")).hasValue(12);
      store.transact(() -> exchange.submit(2, "b", "X", Side.BUY, 12, 10, 0));
      assertThat(exchange.tradeCount()).isEqualTo(1);
      assertThat(exchange.isSound()).isTrue();
    }
  }

  @Test
  void commandRunsInMemoryAndInAStore() {
    String[] memory = {"exchange", "--orders", "2000"};
    String[] stored = {"exchange", "--orders", "2000", "--store", directory.toString()};
    CommandRun first = CommandRun.of(memory);
    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).contains("the books are sound").contains("traded: ");
    assertThat(CommandRun.of(stored).out()).isEqualTo(first.out());
    assertThat(CommandRun.of(stored).out()).isNotEqualTo(first.out()).contains("sound");
  }
}
