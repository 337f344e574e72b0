package dev.backfill.io.duckdb;

import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * What the note of a run's row in ops.backfill_runs says of the rows that it changed: {@code 17
 * rows differ from what was there}. Each transaction adds to it, so it is as true as the rows.
 */
final class RunNote {
  private static final String WORDS = " rows differ from what was there";
  private static final Pattern NOTE = Pattern.compile("(\\d+)" + WORDS + ".*");

  private RunNote() {}

  static void addDiffering(DuckDBConnection connection, String runId, long more)
      throws SQLException {
    String note =
        Sql.query(
                connection,
                "SELECT note FROM ops.backfill_runs WHERE run_id = ?",
                row -> String.valueOf(row.getString(1)),
                runId)
            .stream()
            .findFirst()
            .orElse("");
    Sql.update(
        connection,
        "UPDATE ops.backfill_runs SET note = ? WHERE run_id = ?",
        text(differing(note).orElse(0) + more),
        runId);
  }

  static String text(long rows) {
    return rows + WORDS;
  }

  /** The count in a note, where it has one. */
  static OptionalLong differing(@Nullable String note) {
    Matcher m = NOTE.matcher(note == null ? "" : note);
    return m.matches() ? OptionalLong.of(Long.parseLong(m.group(1))) : OptionalLong.empty();
  }
}
