package dev.backfill.io.duckdb;

import dev.backfill.schemas.TableSql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The roll table, reference.databento_symbology: which contract stood behind a symbol on which
 * days. Loads keep it in the transaction that writes their rows, by the statements of its own file;
 * this reads it, and writes what was resolved without a load. Thread-safe.
 */
public final class Rolls {
  /** The table's full name. */
  public static final String TABLE = "reference.databento_symbology";

  private static final String OF_KIND = " WHERE dataset = ? AND stype_in = ?";

  private final Database database;
  private final String dataset;
  private final String stypeIn;

  /** The rolls of a dataset's symbols of one stype. */
  public Rolls(Database database, String dataset, String stypeIn) {
    this.database = database;
    this.dataset = dataset;
    this.stypeIn = stypeIn;
  }

  /** What is known of each symbol, in order of days; none in a database without the table. */
  public Map<String, List<RollRow>> read() {
    try (DuckDBConnection connection = database.connect()) {
      Map<String, List<RollRow>> bySymbol = new LinkedHashMap<>();
      if (Sql.exists(connection, TABLE)) {
        rows(connection)
            .forEach(
                row -> bySymbol.computeIfAbsent(row.symbol(), s -> new ArrayList<>()).add(row));
      }
      return bySymbol;
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read " + TABLE + " of " + database.path() + ": " + e.getMessage(), e);
    }
  }

  private List<RollRow> rows(DuckDBConnection connection) throws SQLException {
    return Sql.query(
        connection,
        "SELECT requested_symbol, start_date, end_date, instrument_id, raw_symbol FROM "
            + TABLE
            + OF_KIND
            + " AND instrument_id IS NOT NULL ORDER BY requested_symbol, start_date",
        row ->
            new RollRow(
                row.getString(1),
                row.getObject(2, LocalDate.class),
                row.getObject(3, LocalDate.class),
                row.getLong(4),
                row.getString(5)),
        dataset,
        stypeIn);
  }

  /**
   * Replaces what was known of some symbols' days, in one transaction. What was known of other days
   * stays. The tables must be {@linkplain Tables#prepare prepared}.
   *
   * @param symbols all that were resolved, those without any row too
   * @param from first UTC date that was resolved
   * @param to UTC date after the last
   * @param rows what they stand for from then to then
   * @return how many rows the table has of these symbols
   */
  public long write(
      Collection<String> symbols, LocalDate from, LocalDate to, List<RollRow> rows, Instant at) {
    Set<String> resolved = Set.copyOf(symbols);
    return Sql.writing(
        database,
        connection -> {
          List<RollRow> all = new ArrayList<>();
          for (RollRow row : rows(connection)) {
            if (resolved.contains(row.symbol())) {
              all.addAll(outside(row, from, to));
            }
          }
          all.addAll(rows);
          return replace(connection, resolved, all, at);
        });
  }

  private static List<RollRow> outside(RollRow row, LocalDate from, LocalDate to) {
    List<RollRow> kept = new ArrayList<>();
    LocalDate before = row.end().isBefore(from) ? row.end() : from;
    LocalDate after = row.start().isAfter(to) ? row.start() : to;
    if (row.start().isBefore(before)) {
      kept.add(new RollRow(row.symbol(), row.start(), before, row.instrumentId(), row.contract()));
    }
    if (after.isBefore(row.end())) {
      kept.add(new RollRow(row.symbol(), after, row.end(), row.instrumentId(), row.contract()));
    }
    return kept;
  }

  /** As if a load had brought them all; of days that no row speaks of nothing is known any more. */
  private long replace(
      DuckDBConnection connection, Set<String> symbols, List<RollRow> rows, Instant at)
      throws SQLException {
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE "
            + Segments.TABLE
            + " (segment INTEGER, dataset VARCHAR, requested_symbol VARCHAR, stype_in VARCHAR,"
            + " first_day DATE, end_day DATE, instrument_id BIGINT, contract_symbol VARCHAR)");
    List<@Nullable Object[]> values = new ArrayList<>();
    for (RollRow row : rows) {
      values.add(
          new @Nullable Object[] {
            values.size(),
            dataset,
            row.symbol(),
            stypeIn,
            row.start(),
            row.end(),
            row.instrumentId(),
            row.contract()
          });
    }
    Sql.insert(
        connection,
        "INSERT",
        "temp.main." + Segments.TABLE,
        "segment, dataset, requested_symbol, stype_in, first_day, end_day, instrument_id,"
            + " contract_symbol",
        values);
    String ours = OF_KIND + " AND list_contains(string_split(?, ','), requested_symbol)";
    String names = String.join(",", symbols);
    Sql.update(connection, "DELETE FROM " + TABLE + ours, dataset, stypeIn, names);
    for (String statement : TableSql.of(TABLE).keeping()) {
      Sql.execute(connection, RowInsert.at(at, statement));
    }
    Sql.execute(connection, "DROP TABLE temp.main." + Segments.TABLE);
    return Sql.queryLong(
        connection, "SELECT count(*) FROM " + TABLE + ours, dataset, stypeIn, names);
  }
}
