package dev.backfill.pipelines.run;

import dev.backfill.pipelines.Console;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A page of Markdown with tables as GitHub shows them. Not safe for use by several threads. */
final class MarkdownPage {
  private final List<String> lines = new ArrayList<>();

  MarkdownPage heading(int level, String text) {
    blank();
    lines.add("#".repeat(level) + " " + text);
    lines.add("");
    return this;
  }

  MarkdownPage paragraph(String text) {
    blank();
    lines.add(text);
    lines.add("");
    return this;
  }

  /** A command to be copied. */
  MarkdownPage command(String text) {
    return paragraph("```" + System.lineSeparator() + text + System.lineSeparator() + "```");
  }

  /** Begins a table; its rows follow at once. */
  Rows table(String... header) {
    blank();
    lines.add(line(List.of(header)));
    lines.add("|" + " --- |".repeat(header.length));
    return new Rows();
  }

  /** Adds rows to the table that was begun last. */
  final class Rows {
    Rows row(Object... cells) {
      lines.add(line(Arrays.stream(cells).map(MarkdownPage::cell).toList()));
      return this;
    }
  }

  private static String cell(Object value) {
    String text =
        value instanceof Long || value instanceof Integer
            ? Console.count(((Number) value).longValue())
            : value.toString();
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private void blank() {
    if (!lines.isEmpty() && !lines.get(lines.size() - 1).isEmpty()) {
      lines.add("");
    }
  }

  String text() {
    return String.join(System.lineSeparator(), lines).stripTrailing();
  }
}
