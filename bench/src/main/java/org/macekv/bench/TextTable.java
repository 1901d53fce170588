package org.macekv.bench;

import java.util.ArrayList;
import java.util.List;

/** Cells in columns: the first one flush left, the others flush right. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  /** A new row that begins with {@code title}; all rows get the same number of cells. */
  List<String> newRow(String title) {
    List<String> row = new ArrayList<>(List.of(title));
    rows.add(row);
    return row;
  }

  /** The rows as text, a line each. */
  String aligned() {
    if (rows.isEmpty()) {
      return "";
    }
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(padRight(row.get(0), widths[0]));
      for (int column = 1; column < row.size(); column++) {
        text.append("  ").append(padLeft(row.get(column), widths[column]));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String padLeft(String cell, int width) {
    return " ".repeat(width - cell.length()) + cell;
  }

  private static String padRight(String cell, int width) {
    return cell + " ".repeat(width - cell.length());
  }
}
