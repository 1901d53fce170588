package org.macekv.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The table that ends {@link TypedMapRun}: a row for each measurement, since peers are many.
 * Medians, and how many times as fast Mace is in the same line.
 */
final class TypedMapTable {
  private TypedMapTable() {}

  /** The table as text. */
  static String format(Scores<TypedLine, TypedPeer> elapsed, Scores<TypedLine, TypedPeer> cpu) {
    TextTable table = new TextTable();
    table
        .newRow("line, peer")
        .addAll(List.of("ns elapsed", "Mace over it", "aim", "ns cpu", "Mace over it"));
    for (TypedLine line : TypedLine.values()) {
      for (TypedPeer peer : TypedPeer.values()) {
        OptionalDouble nanos = elapsed.median(line, peer);
        if (nanos.isPresent()) {
          OptionalDouble ratio = ratio(elapsed, line, peer);
          table
              .newRow(line.title() + ": " + peer.title())
              .addAll(
                  List.of(
                      nanos(nanos),
                      times(ratio),
                      verdict(line, peer, ratio),
                      nanos(cpu.median(line, peer)),
                      times(ratio(cpu, line, peer))));
        }
      }
    }
    return table.aligned();
  }

  private static OptionalDouble ratio(
      Scores<TypedLine, TypedPeer> scores, TypedLine line, TypedPeer peer) {
    return peer == TypedPeer.MACE
        ? OptionalDouble.empty()
        : scores.ratio(line, TypedPeer.MACE, peer);
  }

  private static String nanos(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%,.0f", value.getAsDouble()) : "";
  }

  private static String times(OptionalDouble ratio) {
    return ratio.isPresent() ? String.format(Locale.ROOT, "%.2fx", ratio.getAsDouble()) : "";
  }

  private static String verdict(TypedLine line, TypedPeer peer, OptionalDouble ratio) {
    for (Target<TypedPeer> target : line.targets()) {
      if (target.over() == peer && ratio.isPresent()) {
        String word = target.isMetBy(ratio.getAsDouble()) ? "met" : "MISSED";
        return String.format(Locale.ROOT, ">= %.2f %s", target.atLeast(), word);
      }
    }
    return "";
  }
}
