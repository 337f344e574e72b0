package dev.backfill.io.duckdb;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.TableSql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.duckdb.DuckDBConnection;

/**
 * Reads the ledger, the tables of schema ops: the only truth about what is loaded. A database that
 * has none of them yet reads as empty. {@link LedgerLog} writes what does not belong to rows.
 * Thread-safe.
 */
public final class Ledger {
  private final Database database;

  /** The ledger in an open database. */
  public Ledger(Database database) {
    this.database = database;
  }

  /**
   * What is known of each requested symbol's intervals, in order of time. Adjacent intervals of
   * which the same is known come as one; that has no run and no chunk unless it was refused or is
   * unverified.
   */
  public Map<String, List<CoverageRow>> coverage(
      String table, String source, String dataset, String schema, String stypeIn) {
    return coverage(table, source, dataset, schema, stypeIn, "true", false);
  }

  /**
   * The same, but only what was served, and intervals that came in different chunks apart, each
   * with its chunk; one that was merged because it is old has none.
   */
  public Map<String, List<CoverageRow>> served(
      String table, String source, String dataset, String schema, String stypeIn) {
    return coverage(table, source, dataset, schema, stypeIn, "state IN ('loaded', 'empty')", true);
  }

  /**
   * The same, but only what the service has not served: refused, or no such symbol. Mostly a few
   * rows, however large the ledger is.
   */
  public Map<String, List<CoverageRow>> notServed(
      String table, String source, String dataset, String schema, String stypeIn) {
    return coverage(
        table, source, dataset, schema, stypeIn, "state IN ('not_entitled', 'unresolved')", false);
  }

  private Map<String, List<CoverageRow>> coverage(
      String table,
      String source,
      String dataset,
      String schema,
      String stypeIn,
      String condition,
      boolean byChunk) {
    return read(
        CoverageTable.NAME,
        Map.of(),
        connection -> {
          Map<String, List<CoverageRow>> bySymbol = new LinkedHashMap<>();
          CoverageIslands.read(
                  connection, table, source, dataset, schema, stypeIn, condition, byChunk)
              .forEach(
                  row ->
                      bySymbol
                          .computeIfAbsent(row.series().symbol(), s -> new ArrayList<>())
                          .add(row));
          return bySymbol;
        });
  }

  /**
   * Which instants of each requested symbol are answered for, whatever the answer: what a plan
   * leaves out. A refusal answers only until its time to look again. Takes as long for a ledger of
   * a hundred thousand rows as for a small one, more or less.
   */
  public Map<String, Coverage> covered(
      String table, String source, String dataset, String schema, String stypeIn, Instant now) {
    return read(
        CoverageTable.NAME,
        Map.of(),
        connection ->
            CoverageIslands.covered(connection, table, source, dataset, schema, stypeIn, now));
  }

  /**
   * What the service said last of each day of a dataset: when it was changed last. A day of which
   * it did not say that is not in it.
   */
  public Map<LocalDate, LocalDate> lastModified(String dataset) {
    return read(
        "ops.dataset_condition",
        Map.of(),
        connection -> {
          Map<LocalDate, LocalDate> days = new HashMap<>();
          Sql.query(
              connection,
              "SELECT date, last_modified_date FROM ops.dataset_condition WHERE dataset = ?"
                  + " AND last_modified_date IS NOT NULL",
              row -> days.put(row.getObject(1, LocalDate.class), row.getObject(2, LocalDate.class)),
              dataset);
          return days;
        });
  }

  /** When the service's word on a dataset's days was heard last; before all times where never. */
  public Instant conditionsSeen(String dataset) {
    return read(
        "ops.dataset_condition",
        Instant.MIN,
        connection ->
            Sql.query(
                    connection,
                    "SELECT max(seen_at) AS newest FROM ops.dataset_condition WHERE dataset = ?"
                        + " HAVING max(seen_at) IS NOT NULL",
                    row -> Sql.instant(row, "newest"),
                    dataset)
                .stream()
                .findFirst()
                .orElse(Instant.MIN));
  }

  /** The rows of which it is time to look again, but for refusals; by symbol and time. */
  public List<CoverageRow> due(
      String table, String source, String dataset, String schema, String stypeIn, Instant now) {
    return read(
        CoverageTable.NAME,
        List.of(),
        connection ->
            CoverageTable.read(
                connection,
                table,
                "source = ? AND dataset = ? AND schema_name = ? AND stype_in = ?"
                    + " AND recheck_after <= ? AND state <> ?",
                source,
                dataset,
                schema,
                stypeIn,
                Sql.timestamp(now),
                CoverageState.NOT_ENTITLED.text()));
  }

  /**
   * Which landed answers are loaded: of those with a file its name without folders, of the others
   * their chunk's id. Of one chunk only its answer that was loaded last.
   */
  public Set<String> loadedAnswers() {
    return read(
        "ops.backfill_chunks",
        Set.of(),
        connection ->
            new HashSet<>(
                Sql.query(
                    connection,
                    "SELECT coalesce(regexp_extract(raw_file, '[^/]*$'), chunk_id)"
                        + " FROM ops.backfill_chunks WHERE state = 'loaded'",
                    row -> row.getString(1))));
  }

  /** The answers of a kind that are loaded: of each chunk the one that was loaded last. */
  public List<LoadedAnswer> answers(String source, String dataset, String schema, String stypeIn) {
    return read(
        "ops.backfill_chunks",
        List.of(),
        connection -> LoadedAnswer.read(connection, source, dataset, schema, stypeIn));
  }

  /** From which API origin the database was filled with a source's rows, if it was. */
  public Optional<String> origin(String source) {
    return setting(LedgerLog.originSetting(source));
  }

  /** A value of ops.settings. */
  public Optional<String> setting(String name) {
    return read(
        "ops.settings",
        Optional.empty(),
        connection ->
            Sql.query(
                    connection,
                    "SELECT value FROM ops.settings WHERE name = ?",
                    row -> row.getString(1),
                    name)
                .stream()
                .findFirst());
  }

  /** All values of ops.settings whose names begin so, by name, in order. */
  public Map<String, String> settings(String prefix) {
    Map<String, String> values = new LinkedHashMap<>();
    return read(
        "ops.settings",
        values,
        connection -> {
          Sql.query(
              connection,
              "SELECT name, value FROM ops.settings WHERE starts_with(name, ?) ORDER BY name",
              row -> values.put(row.getString(1), row.getString(2)),
              prefix);
          return values;
        });
  }

  /**
   * Refuses series that would stand under the name of another in the target table.
   *
   * @throws SeriesConflictException naming both
   */
  public void requireNoConflict(TargetSpec target, Collection<Series> series) {
    read(
        CoverageTable.NAME,
        true,
        connection -> {
          SeriesCheck.check(connection, target, series);
          return true;
        });
  }

  /** Tables that it has rows of and that are not there. */
  public GoneTables gone() {
    return new GoneTables(database);
  }

  /** Chunks whose last outcome is the given state. */
  public List<ChunkState> chunks(String state) {
    return chunks("state = ?", state);
  }

  /** How one chunk last ended, if it ever did. */
  public Optional<ChunkState> chunk(String chunkId) {
    return chunks("chunk_id = ?", chunkId).stream().findFirst();
  }

  private List<ChunkState> chunks(String condition, String value) {
    return read(
        "ops.backfill_chunks",
        List.of(),
        connection ->
            Sql.query(
                connection,
                "SELECT * FROM ops.backfill_chunks WHERE "
                    + condition
                    + " ORDER BY range_start, chunk_id",
                row ->
                    new ChunkState(
                        row.getString("chunk_id"),
                        row.getString("dataset"),
                        row.getString("schema_name"),
                        row.getString("stype_in"),
                        row.getString("symbols"),
                        new Interval(Sql.nanos(row, "range_start"), Sql.nanos(row, "range_end")),
                        row.getString("state"),
                        row.getString("last_error"),
                        row.getString("last_run_id")),
                value));
  }

  /** The newest runs first. */
  public List<RunRow> runs(int atMost) {
    return read(
        "ops.backfill_runs",
        List.of(),
        connection ->
            Sql.query(
                connection,
                "SELECT "
                    + RunRow.COLUMNS
                    + " FROM ops.backfill_runs ORDER BY started_at DESC, run_id LIMIT ?",
                row ->
                    new RunRow(
                        row.getString("run_id"),
                        row.getString("job_name"),
                        row.getString("config_hash"),
                        row.getString("runner"),
                        Sql.instant(row, "started_at"),
                        Sql.instantOrNull(row, "finished_at"),
                        row.getString("status"),
                        (Integer) row.getObject("chunks_total"),
                        (Integer) row.getObject("chunks_done"),
                        (Integer) row.getObject("chunks_failed"),
                        (Integer) row.getObject("chunks_skipped"),
                        (Long) row.getObject("rows_written"),
                        (Long) row.getObject("bytes_billable"),
                        row.getBigDecimal("cost_estimate_usd"),
                        row.getBigDecimal("cost_cap_usd"),
                        row.getString("note")),
                atMost));
  }

  /** The ids of the runs that the ledger calls running. */
  public List<String> running() {
    return read(
        "ops.backfill_runs",
        List.of(),
        connection ->
            Sql.query(
                connection,
                "SELECT run_id FROM ops.backfill_runs WHERE status = ? ORDER BY started_at DESC,"
                    + " run_id",
                row -> row.getString(1),
                RunRow.RUNNING));
  }

  /** The tables in this database that rows are written to in batches, by name. */
  public List<String> tables() {
    return using(
        connection -> {
          List<String> ours = new ArrayList<>();
          for (String name :
              Sql.query(
                  connection,
                  "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
                      + " WHERE database_name = current_database() ORDER BY ALL",
                  row -> row.getString(1))) {
            if (TableSql.find(name).map(TableSql::isBatched).orElse(false)) {
              ours.add(name);
            }
          }
          return ours;
        });
  }

  /** What a table holds, by name; empty if there is no such table. */
  public List<SymbolStatus> status(String table) {
    TableSql sql = TableSql.of(table);
    return read(
        table,
        List.of(),
        connection -> {
          String name = Sql.name(sql.seriesColumn());
          String parent = sql.parentColumn().orElse("");
          boolean hasParent =
              TableColumn.of(connection, "", table).stream()
                  .anyMatch(column -> column.name().equalsIgnoreCase(parent));
          String time = Sql.name(sql.timeColumn());
          return Sql.query(
              connection,
              "SELECT "
                  + (hasParent ? "coalesce(" + Sql.name(parent) + ", " + name + ")" : name)
                  + " AS name, count(*) AS n, CAST(min("
                  + time
                  + ") AS TIMESTAMP) AS first, CAST(max("
                  + time
                  + ") AS TIMESTAMP) AS last FROM "
                  + Sql.table(table)
                  + " GROUP BY 1 ORDER BY 1",
              row ->
                  new SymbolStatus(
                      table,
                      row.getString("name"),
                      row.getLong("n"),
                      Sql.instant(row, "first"),
                      Sql.instant(row, "last")));
        });
  }

  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  interface Reading<T> {
    T of(DuckDBConnection connection) throws SQLException;
  }

  <T> T read(String table, T absent, Reading<T> reading) {
    return using(connection -> Sql.exists(connection, table) ? reading.of(connection) : absent);
  }

  private <T> T using(Reading<T> reading) {
    try (DuckDBConnection connection = database.connect()) {
      return reading.of(connection);
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read the ledger of " + database.path() + ": " + e.getMessage(), e);
    }
  }
}
