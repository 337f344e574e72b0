package dev.backfill.io.duckdb;

import dev.backfill.io.lock.Holder;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What DuckDB's refusal to open a file means. Its errors carry neither SQLState nor code, so the
 * text is matched: the parts that 1.5 and 2.0 have in common.
 */
final class OpenErrors {
  private static final Pattern PID = Pattern.compile("\\(PID (\\d+)");
  private static final Pattern NEWER = Pattern.compile("version number (\\d+)");

  private OpenErrors() {}

  static DatabaseException explain(Path database, SQLException e) {
    String text = String.valueOf(e.getMessage());
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("could not set lock on file") || lower.contains("conflicting lock")) {
      Matcher pid = PID.matcher(text);
      return new DatabaseHeldException(
          database, Holder.ofPid(pid.find() ? Long.parseLong(pid.group(1)) : -1), e);
    }
    if (lower.contains("not a valid duckdb database")) {
      return new DatabaseException(
          "The file "
              + database
              + " is not a DuckDB database. Give --db a DuckDB file, or a path where there is no"
              + " file yet",
          e);
    }
    Matcher newer = NEWER.matcher(text);
    if (newer.find()) {
      return new DatabaseException(
          "The database "
              + database
              + " has storage version "
              + newer.group(1)
              + ", which this program's DuckDB cannot read: it was made by a newer DuckDB. Use"
              + " another file, or rewrite it there with ATTACH ... (STORAGE_VERSION 'v1.5.0') and"
              + " COPY FROM DATABASE",
          e);
    }
    if (lower.contains("permission denied") || lower.contains("read-only file system")) {
      return notWritable(database, e);
    }
    return new DatabaseException("Cannot open the database " + database + ": " + text, e);
  }

  static DatabaseException notWritable(Path database, Exception e) {
    return new DatabaseException(
        "The database "
            + database
            + " cannot be written: the file or its folder is read-only for this user. Change its"
            + " permissions, or give --db another path",
        e);
  }
}
