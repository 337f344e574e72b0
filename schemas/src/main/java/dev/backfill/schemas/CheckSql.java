package dev.backfill.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One check of the rows of a table, {@code /checks/<name>.sql}: comment lines, the directives below
 * and the query. Its result has, by position, what it is about (a series), how many, the first and
 * the last time (UTC), and a detail; where there is a sixth column it is the severity of that row,
 * and a seventh is the longest stretch. Immutable.
 *
 * @param name for reports and for {@code ops.data_quality_log}
 * @param kinds of which kinds of tables: bars, options, values, rows
 * @param severity error, warning or info
 * @param says the sentence, without what and how many
 * @param counts what the number counts, in the plural
 * @param remedy the command that mends it; empty where none does
 * @param query with placeholders in braces
 */
public record CheckSql(
    String name,
    List<String> kinds,
    String severity,
    String says,
    String counts,
    Optional<String> remedy,
    String query) {

  private static final List<String> NAMES =
      List.of(
          "duplicates",
          "duplicate-publishers",
          "bar-order",
          "price-sign",
          "volume-negative",
          "gaps",
          "stale",
          "value-stale",
          "price-null",
          "value-null",
          "volume-zero",
          "option-identity",
          "jumps",
          "roll-jumps");

  /** Copies the list. */
  public CheckSql {
    kinds = List.copyOf(kinds);
  }

  /** The checks of a kind of table, the gravest first. */
  public static List<CheckSql> of(String kind) {
    return NAMES.stream().map(CheckSql::read).filter(c -> c.kinds.contains(kind)).toList();
  }

  private static CheckSql read(String name) {
    String resource = "/checks/" + name + ".sql";
    try (InputStream in = CheckSql.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("There is no " + resource);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> directives = TableSql.directives(text);
      return new CheckSql(
          name,
          Arrays.stream(directives.getOrDefault("of", "").split(",")).map(String::strip).toList(),
          directives.getOrDefault("severity", ""),
          directives.getOrDefault("says", ""),
          directives.getOrDefault("counts", ""),
          Optional.ofNullable(directives.get("do")),
          directives.getOrDefault("query", ""));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + resource, e);
    }
  }
}
