package dev.backfill.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A table as text for a terminal: columns as wide as their widest cell, two spaces between them,
 * numbers at the right with thousands separators. Not safe for use by several threads.
 */
public final class Table {
  private static final String GAP = "  ";

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] numeric;

  /** With the names of its columns. */
  public Table(String... header) {
    this.header = List.of(header);
    this.numeric = new boolean[header.length];
  }

  /**
   * Adds a row. A whole number is shown with thousands separators and makes its column stand at the
   * right; so does {@link #number}; everything else is shown as its text.
   *
   * @throws IllegalArgumentException if there are not as many cells as columns
   */
  public Table row(Object... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(
          "A row of " + cells.length + " cells in a table of " + header.size() + " columns");
    }
    List<String> row = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      boolean isWhole = cells[i] instanceof Long || cells[i] instanceof Integer;
      numeric[i] |= isWhole || cells[i] instanceof Figure;
      row.add(isWhole ? Console.count(((Number) cells[i]).longValue()) : cells[i].toString());
    }
    rows.add(row);
    return this;
  }

  /** A cell with a number of so many digits after the point; it stands at the right. */
  public static Object number(double value, int digits) {
    return new Figure(String.format(Locale.ROOT, "%,." + digits + "f", value));
  }

  private record Figure(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  /** How many rows it has. */
  public int size() {
    return rows.size();
  }

  /** The lines: the header, a rule, the rows; no line ends with a space. */
  public String render() {
    int[] widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = header.get(i).length();
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(header, widths));
    List<String> rule = new ArrayList<>();
    for (int width : widths) {
      rule.add("-".repeat(width));
    }
    lines.add(line(rule, widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return String.join(System.lineSeparator(), lines);
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String pad = " ".repeat(widths[i] - cells.get(i).length());
      line.append(i == 0 ? "" : GAP);
      line.append(numeric[i] ? pad + cells.get(i) : cells.get(i) + pad);
    }
    return line.toString().stripTrailing();
  }
}
