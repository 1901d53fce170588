package org.macekv.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The table that ends a run: medians, and how many times as fast Mace is as each other peer. */
final class RatioTable {
  private static final Target<Peer> SCALING = new Target<>(Peer.MACE, 1.7);
  private static final String ABSENT = "-";

  private final Scores<Line, Peer> scores;
  private final TextTable table = new TextTable();

  private RatioTable(Scores<Line, Peer> scores) {
    this.scores = scores;
  }

  /** The table as text; a line for everything that was measured. */
  static String format(Scores<Line, Peer> scores) {
    RatioTable table = new RatioTable(scores);
    table.addHeading();
    for (Line line : Line.values()) {
      table.addTimes(line);
      if (line == Line.GET_2_THREADS) {
        table.addScaling();
      }
    }
    return table.table.aligned();
  }

  private void addHeading() {
    List<String> row = table.newRow("ns per operation or entry");
    for (Peer peer : Peer.values()) {
      row.add(peer.title());
    }
    for (Peer other : others()) {
      row.add("Mace over " + other.title());
    }
  }

  private void addTimes(Line line) {
    if (isEmpty(peer -> scores.median(line, peer))) {
      return;
    }
    List<String> row = table.newRow(line.title());
    for (Peer peer : Peer.values()) {
      row.add(nanos(scores.median(line, peer)));
    }
    for (Peer other : others()) {
      OptionalDouble ratio = scores.ratio(line, Peer.MACE, other);
      List<Target<Peer>> targets = line.targets().stream().filter(t -> t.over() == other).toList();
      row.add(times(ratio) + verdict(ratio, targets));
    }
  }

  private void addScaling() {
    if (isEmpty(this::scaling)) {
      return;
    }
    List<String> row = table.newRow("get, gain by 2nd thread");
    for (Peer peer : Peer.values()) {
      OptionalDouble gain = scaling(peer);
      row.add(times(gain) + (peer == Peer.MACE ? verdict(gain, List.of(SCALING)) : ""));
    }
  }

  private OptionalDouble scaling(Peer peer) {
    return scores.scaling(Line.GET, Line.GET_2_THREADS, peer);
  }

  private static boolean isEmpty(Function<Peer, OptionalDouble> cell) {
    return List.of(Peer.values()).stream().allMatch(peer -> cell.apply(peer).isEmpty());
  }

  private static List<Peer> others() {
    return List.of(Peer.SKIP_LIST, Peer.ROCKSDB);
  }

  private static String nanos(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%,.0f", value.getAsDouble()) : ABSENT;
  }

  private static String times(OptionalDouble ratio) {
    return ratio.isPresent() ? String.format(Locale.ROOT, "%.2fx", ratio.getAsDouble()) : ABSENT;
  }

  private static String verdict(OptionalDouble ratio, List<Target<Peer>> targets) {
    if (ratio.isEmpty() || targets.isEmpty()) {
      return "";
    }
    Target<Peer> target = targets.get(0);
    String word = target.isMetBy(ratio.getAsDouble()) ? "met" : "MISSED";
    return String.format(Locale.ROOT, " (>= %.1f %s)", target.atLeast(), word);
  }
}
