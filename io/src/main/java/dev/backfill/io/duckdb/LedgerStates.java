package dev.backfill.io.duckdb;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/** Adds up what the ledger says, state by state. Thread-safe. */
public final class LedgerStates {
  private final Database database;

  /** Of an open database. */
  public LedgerStates(Database database) {
    this.database = database;
  }

  /** What each table's coverage comes to, by table and state. */
  public List<StateTotal> totals() {
    return read(
        CoverageTable.NAME,
        connection ->
            Sql.query(
                connection,
                "SELECT target_table, max(schema_name) AS schema_name, state,"
                    + " count(DISTINCT (source, dataset, schema_name, stype_in, symbol)) AS symbols,"
                    + " count(*) AS intervals, CAST(sum(row_count) AS BIGINT) AS row_count,"
                    + " sum(epoch(range_end - range_start)) / 86400 AS days,"
                    + " min(range_start) AS first, max(range_end) AS last,"
                    + " count(*) FILTER (NOT verified) AS unverified,"
                    + " min(recheck_after) AS recheck_after"
                    + " FROM ops.coverage GROUP BY target_table, state ORDER BY ALL",
                row ->
                    new StateTotal(
                        row.getString("target_table"),
                        row.getString("schema_name"),
                        CoverageState.of(row.getString("state")),
                        row.getLong("symbols"),
                        row.getLong("intervals"),
                        row.getLong("row_count"),
                        row.getDouble("days"),
                        Sql.instant(row, "first"),
                        Sql.instant(row, "last"),
                        row.getLong("unverified"),
                        Sql.instantOrNull(row, "recheck_after"))));
  }

  /** Which states the coverage of each requested symbol has, all tables at once. */
  public SymbolStates bySymbol() {
    SymbolStates states = new SymbolStates();
    read(
        CoverageTable.NAME,
        connection ->
            Sql.query(
                connection,
                "SELECT DISTINCT target_table, source, dataset, schema_name, stype_in, symbol, state"
                    + " FROM ops.coverage",
                row ->
                    states.add(
                        List.of(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5)),
                        row.getString(6),
                        CoverageState.of(row.getString(7)))));
    return states;
  }

  /** The chunks that failed and of which something is not covered since, the oldest range first. */
  public List<FailedChunk> failures() {
    return read(
        "ops.backfill_chunks",
        connection ->
            Sql.query(
                connection,
                "WITH asked AS (SELECT k.*, unnest(string_split(symbols, ',')) AS symbol"
                    + " FROM ops.backfill_chunks k WHERE state = 'failed'),"
                    + " lacking AS (SELECT a.chunk_id, a.symbol FROM asked a"
                    + " LEFT JOIN ops.coverage c ON c.source = a.source AND c.dataset = a.dataset"
                    + " AND c.schema_name = a.schema_name AND c.stype_in = a.stype_in"
                    + " AND c.symbol = a.symbol AND c.range_start < a.range_end"
                    + " AND c.range_end > a.range_start"
                    + " GROUP BY a.chunk_id, a.symbol, a.range_start, a.range_end"
                    + " HAVING coalesce(sum(epoch_us(least(c.range_end, a.range_end))"
                    + " - epoch_us(greatest(c.range_start, a.range_start)))"
                    + " FILTER (c.range_start IS NOT NULL), 0)"
                    + " < epoch_us(a.range_end) - epoch_us(a.range_start))"
                    + " SELECT k.chunk_id, k.dataset, k.schema_name, k.range_start, k.range_end,"
                    + " coalesce(k.last_error, 'no reason was given') AS reason, k.http_status,"
                    + " k.attempts, k.last_run_id, coalesce((SELECT min(t.target_table)"
                    + " FROM ops.coverage t WHERE t.source = k.source AND t.dataset = k.dataset"
                    + " AND t.schema_name = k.schema_name), '') AS target_table,"
                    + " (SELECT string_agg(l.symbol, ',' ORDER BY l.symbol) FROM lacking l"
                    + " WHERE l.chunk_id = k.chunk_id) AS lacking_symbols"
                    + " FROM ops.backfill_chunks k WHERE k.chunk_id IN"
                    + " (SELECT chunk_id FROM lacking) ORDER BY k.range_start, k.chunk_id",
                row ->
                    new FailedChunk(
                        row.getString("chunk_id"),
                        row.getString("target_table"),
                        row.getString("dataset"),
                        row.getString("schema_name"),
                        row.getString("lacking_symbols"),
                        new Interval(Sql.nanos(row, "range_start"), Sql.nanos(row, "range_end")),
                        row.getString("reason"),
                        (Integer) row.getObject("http_status"),
                        row.getInt("attempts"),
                        row.getString("last_run_id"))));
  }

  private record Paid(String symbols, Interval interval, double usd) {}

  /**
   * What the ledger says that some ranges cost: each loaded chunk's cost, by the part of its
   * symbols and its time that lies in them. US dollars.
   */
  public double paid(
      String source, String dataset, String schema, String stypeIn, Map<String, Coverage> ranges) {
    double usd = 0;
    for (Paid chunk : chunksPaid(source, dataset, schema, stypeIn)) {
      String[] symbols = chunk.symbols().split(",", -1);
      Coverage whole = Coverage.of(chunk.interval());
      double share = 0;
      for (String symbol : symbols) {
        share += ranges.getOrDefault(symbol, Coverage.NONE).intersect(whole).lengthNs();
      }
      usd += chunk.usd() * share / whole.lengthNs() / symbols.length;
    }
    return usd;
  }

  private List<Paid> chunksPaid(String source, String dataset, String schema, String stypeIn) {
    return read(
        "ops.backfill_chunks",
        connection ->
            Sql.query(
                connection,
                "SELECT symbols, range_start, range_end, CAST(cost_estimate_usd AS DOUBLE) AS usd"
                    + " FROM ops.backfill_chunks WHERE state = 'loaded' AND cost_estimate_usd > 0"
                    + " AND source = ? AND dataset = ? AND schema_name = ? AND stype_in = ?",
                row ->
                    new Paid(
                        row.getString("symbols"),
                        new Interval(Sql.nanos(row, "range_start"), Sql.nanos(row, "range_end")),
                        row.getDouble("usd")),
                source,
                dataset,
                schema,
                stypeIn));
  }

  private interface Reading<T> {
    List<T> of(DuckDBConnection connection) throws SQLException;
  }

  private <T> List<T> read(String table, Reading<T> reading) {
    try (DuckDBConnection connection = database.connect()) {
      return Sql.exists(connection, CoverageTable.NAME)
              && (table.equals(CoverageTable.NAME) || Sql.exists(connection, table))
          ? reading.of(connection)
          : List.of();
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read the ledger of " + database.path() + ": " + e.getMessage(), e);
    }
  }
}
