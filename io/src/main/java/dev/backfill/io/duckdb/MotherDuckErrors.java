package dev.backfill.io.duckdb;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;

/**
 * What a refusal on the way to MotherDuck means. The errors carry no code, so their text is
 * matched: that of a missing extension, of a missing network and of a version as they were seen,
 * the others as MotherDuck's users have reported them.
 */
final class MotherDuckErrors {
  private MotherDuckErrors() {}

  /** Whether the extension is not on this machine. */
  static boolean isNotInstalled(SQLException e) {
    String text = lower(e);
    return text.contains("install it first") && text.contains("not found");
  }

  static DatabaseException version(String version) {
    return new DatabaseException(
        "MotherDuck takes DuckDB 1.4.1 to 1.5.6, and this program runs with "
            + version
            + ": build it with the DuckDB that is pinned in pom.xml, or give --db a file");
  }

  /** One sentence that says what to do; never shows the token, whatever echoed it. */
  static DatabaseException explain(Path database, SQLException e) {
    String text = MotherDuck.scrub(String.valueOf(e.getMessage()));
    return new DatabaseException(
        "Cannot reach " + database + ": " + sentence(text), new SQLException(text));
  }

  private static String sentence(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("not yet supported by motherduck")) {
      return "MotherDuck does not take this program's DuckDB ("
          + text.strip()
          + "). Build it with the DuckDB that is pinned in pom.xml, or give --db a file";
    }
    if (lower.contains("failed to download extension") || lower.contains("install it first")) {
      return "DuckDB's extension motherduck is not on this machine and could not be fetched from"
          + " extensions.duckdb.org. Let this machine reach it, or put the file of this DuckDB's"
          + " version and platform into ~/.duckdb/extensions ("
          + firstLine(text)
          + ")";
    }
    if (lower.contains("could not establish connection")
        || lower.contains("could not resolve")
        || lower.contains("failed to connect")
        || lower.contains("connection timed out")
        || lower.contains("unavailable")) {
      return "there is no way to MotherDuck from here. Check the network and its proxy, which must"
          + " let api.motherduck.com through ("
          + firstLine(text)
          + ")";
    }
    if (lower.contains("not authenticated")
        || lower.contains("jwt")
        || lower.contains("unauthorized")
        || (lower.contains("token") && (lower.contains("invalid") || lower.contains("expired")))) {
      return "MotherDuck does not accept the token in "
          + MotherDuck.TOKEN_VARIABLE
          + ". Make a new one (MotherDuck, Settings, Access Tokens) and set it there";
    }
    if (lower.contains("no database") || lower.contains("does not exist")) {
      return "there is no such database. Make it at MotherDuck (CREATE DATABASE), or give --db the"
          + " name of another";
    }
    if (lower.contains("extension") || lower.contains("initialization function")) {
      return "DuckDB's extension motherduck cannot be loaded. Delete it from ~/.duckdb/extensions,"
          + " so that it is fetched anew ("
          + firstLine(text)
          + ")";
    }
    return firstLine(text);
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("no reason was given");
  }

  private static String lower(SQLException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
  }
}
