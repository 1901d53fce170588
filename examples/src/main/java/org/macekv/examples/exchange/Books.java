package org.macekv.examples.exchange;

import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.macekv.collections.PersistentStore;
import org.macekv.serialization.KeyCodec;
import org.macekv.serialization.KeyCodecs;

/**
 * The maps of an exchange.
 *
 * @param bids orders to buy, those with the highest price first
 * @param asks orders to sell, those with the lowest price first
 * @param places where the open orders are, by their numbers
 * @param holdings how many a trader has; less than 0 if he sold what he did not have
 * @param cash what traders have got and not paid, in cents
 * @param trades all trades, in their order
 * @param volumes how many of each were traded
 * @param halted what is not traded now
 */
public record Books(
    NavigableMap<Place, Order> bids,
    NavigableMap<Place, Order> asks,
    NavigableMap<Long, Place> places,
    NavigableMap<Holding, Integer> holdings,
    NavigableMap<String, Long> cash,
    NavigableMap<Long, Trade> trades,
    NavigableMap<String, Long> volumes,
    NavigableSet<String> halted) {

  private static final Comparator<Place> BY_PRICE =
      Comparator.comparing(Place::symbol).thenComparing(Place::price).thenComparing(Place::number);
  private static final Comparator<Place> BY_HIGHEST_PRICE =
      Comparator.comparing(Place::symbol)
          .thenComparing(Place::price, Comparator.reverseOrder())
          .thenComparing(Place::number);

  /** As it was before: gone when the process ends. */
  public static Books inMemory() {
    return new Books(
        new TreeMap<>(BY_HIGHEST_PRICE),
        new TreeMap<>(BY_PRICE),
        new TreeMap<>(),
        new TreeMap<>(Comparator.comparing(Holding::trader).thenComparing(Holding::symbol)),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeSet<>());
  }

  /** The same in a store. */
  public static Books in(PersistentStore store) {
    KeyCodec<Place> byHighestPrice =
        KeyCodecs.record(Place.class, Map.of("price", KeyCodecs.LONG.reversed()));
    return new Books(
        store.navigableMap("bids", byHighestPrice, Order.class),
        store.navigableMap("asks", Place.class, Order.class),
        store.navigableMap("places", Long.class, Place.class),
        store.navigableMap("holdings", Holding.class, Integer.class),
        store.navigableMap("cash", String.class, Long.class),
        store.navigableMap("trades", Long.class, Trade.class),
        store.navigableMap("volumes", String.class, Long.class),
        store.set("halted", String.class));
  }
}
