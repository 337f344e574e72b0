package dev.backfill.io.duckdb;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One column as the database describes it.
 *
 * @param name as declared
 * @param type DuckDB's name of the type
 * @param required NOT NULL without a default: every INSERT must name it
 */
record TableColumn(String name, String type, boolean required) {
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");
  private static final List<String> INTEGERS =
      List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT");
  private static final List<String> TIMES =
      List.of("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE");

  static List<TableColumn> of(Connection connection, String database, String table)
      throws SQLException {
    String[] name = table.split("\\.", 2);
    return Sql.query(
        connection,
        "SELECT column_name, data_type, NOT is_nullable AND column_default IS NULL AS required"
            + " FROM duckdb_columns() WHERE database_name = coalesce(nullif(?, ''),"
            + " current_database()) AND schema_name = ? AND table_name = ? ORDER BY column_index",
        row -> new TableColumn(row.getString(1), row.getString(2), row.getBoolean(3)),
        database,
        name[0],
        name[1]);
  }

  /** Whether a column of this type holds every value of the wanted type, unchanged. */
  boolean holds(String wanted) {
    if (type.equals(wanted)) {
      return true;
    }
    Matcher have = DECIMAL.matcher(type);
    Matcher want = DECIMAL.matcher(wanted);
    if (have.matches() && want.matches()) {
      int haveScale = Integer.parseInt(have.group(2));
      int wantScale = Integer.parseInt(want.group(2));
      int haveWhole = Integer.parseInt(have.group(1)) - haveScale;
      return haveScale >= wantScale && haveWhole >= Integer.parseInt(want.group(1)) - wantScale;
    }
    return wider(INTEGERS, wanted) || wider(TIMES, wanted);
  }

  /**
   * Whether every value of this type is also one of the wanted type, apart from decimals with too
   * many digits before the point: then the column can be changed and nothing in it is lost.
   */
  boolean widensTo(String wanted) {
    Matcher have = DECIMAL.matcher(type);
    Matcher want = DECIMAL.matcher(wanted);
    if (have.matches() && want.matches()) {
      return Integer.parseInt(have.group(2)) <= Integer.parseInt(want.group(2));
    }
    int from = INTEGERS.indexOf(type);
    return from >= 0 && from <= INTEGERS.indexOf(wanted);
  }

  /** The condition under which a value has more digits before the point than a decimal holds. */
  static String tooLargeFor(String column, String wanted) {
    Matcher want = DECIMAL.matcher(wanted);
    if (!want.matches()) {
      return "false";
    }
    int whole = Integer.parseInt(want.group(1)) - Integer.parseInt(want.group(2));
    return "abs(CAST(" + column + " AS DOUBLE)) >= 1e" + whole;
  }

  private boolean wider(List<String> order, String wanted) {
    int want = order.indexOf(wanted);
    return want >= 0 && order.indexOf(type) >= want;
  }
}
