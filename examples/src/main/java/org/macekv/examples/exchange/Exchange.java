package org.macekv.examples.exchange;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Brings those who want to buy and those who want to sell together: the better price first, of
 * equal ones the older order; at the price of the order that was there before. Plain {@code
 * java.util} code. Not thread-safe.
 */
public final class Exchange {
  private static final long NO_NUMBER = 0;

  private final NavigableMap<Place, Order> bids;
  private final NavigableMap<Place, Order> asks;
  private final NavigableMap<Long, Place> places;
  private final NavigableMap<Holding, Integer> holdings;
  private final NavigableMap<String, Long> cash;
  private final NavigableMap<Long, Trade> trades;
  private final NavigableMap<String, Long> volumes;
  private final Books books;

  /** An exchange with the state that the maps have. */
  public Exchange(Books books) {
    this.books = books;
    this.bids = books.bids();
    this.asks = books.asks();
    this.places = books.places();
    this.holdings = books.holdings();
    this.cash = books.cash();
    this.trades = books.trades();
    this.volumes = books.volumes();
  }

  // ---- Orders ---------------------------------------------------------------------------------

  /**
   * Takes an order, and executes what can be executed of it.
   *
   * @param number higher than that of any order before
   * @param minute of the session
   * @return the trades that came of it
   * @throws IllegalArgumentException if it is halted, or makes no sense
   */
  public List<Trade> submit(
      long number, String trader, String symbol, Side side, long price, int quantity, int minute) {
    if (quantity <= 0 || price <= 0) {
      throw new IllegalArgumentException("an order of " + quantity + " at " + price);
    }
    if (books.halted().contains(symbol)) {
      throw new IllegalArgumentException(symbol + " is halted");
    }
    Order order = new Order(number, trader, symbol, side, price, quantity);
    List<Trade> made = new ArrayList<>();
    Order rest = match(order, made, minute);
    if (rest.quantity() > 0) {
      Place place = new Place(symbol, price, number);
      bookOf(side).put(place, rest);
      places.put(number, place);
    }
    return made;
  }

  private NavigableMap<Place, Order> bookOf(Side side) {
    return side == Side.BUY ? bids : asks;
  }

  /** All orders of something, the best first. */
  private static NavigableMap<Place, Order> ordersOf(
      NavigableMap<Place, Order> book, String symbol, boolean highestFirst) {
    long first = highestFirst ? Long.MAX_VALUE : Long.MIN_VALUE;
    long last = highestFirst ? Long.MIN_VALUE : Long.MAX_VALUE;
    return book.subMap(
        new Place(symbol, first, Long.MIN_VALUE),
        true,
        new Place(symbol, last, Long.MAX_VALUE),
        true);
  }

  private NavigableMap<Place, Order> bidsFor(String symbol) {
    return ordersOf(bids, symbol, true);
  }

  private NavigableMap<Place, Order> asksFor(String symbol) {
    return ordersOf(asks, symbol, false);
  }

  private Order match(Order order, List<Trade> made, int minute) {
    boolean buys = order.side() == Side.BUY;
    NavigableMap<Place, Order> others = buys ? asksFor(order.symbol()) : bidsFor(order.symbol());
    Order rest = order;
    while (rest.quantity() > 0) {
      Map.Entry<Place, Order> best = others.firstEntry();
      if (best == null || !meets(rest, best.getKey().price())) {
        break;
      }
      Order other = best.getValue();
      int quantity = Math.min(rest.quantity(), other.quantity());
      made.add(execute(rest, other, quantity, minute));
      rest = rest.withQuantity(rest.quantity() - quantity);
      if (quantity == other.quantity()) {
        others.pollFirstEntry();
        places.remove(other.number());
      } else {
        others.put(best.getKey(), other.withQuantity(other.quantity() - quantity));
      }
    }
    return rest;
  }

  private static boolean meets(Order order, long price) {
    return order.side() == Side.BUY ? order.price() >= price : order.price() <= price;
  }

  private Trade execute(Order order, Order standing, int quantity, int minute) {
    boolean buys = order.side() == Side.BUY;
    String buyer = buys ? order.trader() : standing.trader();
    String seller = buys ? standing.trader() : order.trader();
    Trade trade = new Trade(order.symbol(), buyer, seller, standing.price(), quantity, minute);
    trades.put(trades.isEmpty() ? 1 : trades.lastKey() + 1, trade);
    long value = standing.price() * quantity;
    cash.merge(buyer, -value, Long::sum);
    cash.merge(seller, value, Long::sum);
    addHolding(new Holding(buyer, order.symbol()), quantity);
    addHolding(new Holding(seller, order.symbol()), -quantity);
    volumes.merge(order.symbol(), (long) quantity, Long::sum);
    return trade;
  }

  /** What somebody has none of is not kept. */
  private void addHolding(Holding holding, int quantity) {
    holdings.compute(
        holding,
        (key, before) -> {
          int now = (before == null ? 0 : before) + quantity;
          return now == 0 ? null : now;
        });
  }

  /** Takes an order back; whether it was open. */
  public boolean cancel(long number) {
    Place place = places.remove(number);
    if (place == null) {
      return false;
    }
    if (bids.remove(place) == null) {
      asks.remove(place);
    }
    return true;
  }

  /** Takes back all orders of a trader; how many they were. */
  public int cancelAll(String trader) {
    int count = 0;
    for (NavigableMap<Place, Order> book : List.of(bids, asks)) {
      Iterator<Order> orders = book.values().iterator();
      while (orders.hasNext()) {
        Order order = orders.next();
        if (order.trader().equals(trader)) {
          orders.remove();
          places.remove(order.number());
          count++;
        }
      }
    }
    return count;
  }

  /** Takes no orders for something any more, and takes back those that there are. */
  public void halt(String symbol) {
    books.halted().add(symbol);
    for (NavigableMap<Place, Order> orders : List.of(bidsFor(symbol), asksFor(symbol))) {
      orders.values().forEach(order -> places.remove(order.number()));
      orders.clear();
    }
  }

  /** Takes orders for it again. */
  public void resume(String symbol) {
    books.halted().remove(symbol);
  }

  // ---- Questions ------------------------------------------------------------------------------

  /** The highest number that an order had which is open, or a trade; else 0. */
  public long lastNumber() {
    return places.isEmpty() ? NO_NUMBER : places.lastKey();
  }

  /** The highest price that somebody would pay. */
  public OptionalLong bestBid(String symbol) {
    return bestOf(bidsFor(symbol));
  }

  /** The lowest price for which somebody would sell. */
  public OptionalLong bestAsk(String symbol) {
    return bestOf(asksFor(symbol));
  }

  private static OptionalLong bestOf(NavigableMap<Place, Order> orders) {
    return orders.isEmpty() ? OptionalLong.empty() : OptionalLong.of(orders.firstKey().price());
  }

  /** How many are wanted or offered at each price, the best first. */
  public Map<Long, Integer> depth(String symbol, Side side, int prices) {
    Map<Long, Integer> depth = new LinkedHashMap<>();
    for (Order order : (side == Side.BUY ? bidsFor(symbol) : asksFor(symbol)).values()) {
      if (depth.size() == prices && !depth.containsKey(order.price())) {
        break;
      }
      depth.merge(order.price(), order.quantity(), Integer::sum);
    }
    return depth;
  }

  /** An order that is open. */
  public Optional<Order> order(long number) {
    return Optional.ofNullable(places.get(number))
        .map(place -> bids.containsKey(place) ? bids.get(place) : asks.get(place));
  }

  /** What a trader has, by symbols. */
  public Map<String, Integer> portfolio(String trader) {
    Map<String, Integer> portfolio = new TreeMap<>();
    holdings
        .subMap(new Holding(trader, ""), new Holding(trader + "\0", ""))
        .forEach((holding, quantity) -> portfolio.put(holding.symbol(), quantity));
    return portfolio;
  }

  /** The last trades, the newest first. */
  public List<Trade> lastTrades(int count) {
    return trades.descendingMap().values().stream().limit(count).toList();
  }

  /** What has been traded most, first. */
  public List<String> mostTraded(int count) {
    return volumes.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(count)
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .toList();
  }

  /** How many orders are open. */
  public int openOrders() {
    return places.size();
  }

  /** How many trades there were. */
  public int tradeCount() {
    return trades.size();
  }

  /**
   * Whether the books agree: what some have got others have paid, what some have bought others have
   * sold, no order is in the wrong place, and nobody would trade with another.
   */
  public boolean isSound() {
    long paid = cash.values().stream().mapToLong(Long::longValue).sum();
    Map<String, Integer> sums = new TreeMap<>();
    holdings.forEach((holding, quantity) -> sums.merge(holding.symbol(), quantity, Integer::sum));
    boolean even = paid == 0 && sums.values().stream().allMatch(sum -> sum == 0);
    int orders = bids.size() + asks.size();
    boolean placed =
        orders == places.size()
            && places.entrySet().stream()
                .allMatch(entry -> entry.getKey() == entry.getValue().number());
    for (Order bid : bids.values()) {
      OptionalLong ask = bestAsk(bid.symbol());
      placed &= ask.isEmpty() || bid.price() < ask.getAsLong();
    }
    return even && placed;
  }
}
