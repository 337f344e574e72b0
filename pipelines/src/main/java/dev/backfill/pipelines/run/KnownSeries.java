package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.ChunkState;
import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LoadedAnswer;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Job;
import dev.backfill.transforms.SummarizeRun;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the ledger knows of a job's series. Read at the beginning and let go, so that the database
 * is not open while the service is asked; a plan mostly needs no more than which instants are
 * answered for, as a ledger may have a hundred thousand rows, so its rows are read when they are
 * asked for.
 */
final class KnownSeries {
  private final Optional<Path> database;
  private final Duration patience;
  private final Job job;
  private final String table;
  private final Facts facts;

  /**
   * What was read at the beginning.
   *
   * @param origin who filled the database with the job's source; empty while nobody has
   * @param covered see {@link KnownSeries#covered}
   * @param monthCap see {@link KnownSeries#monthCap}
   * @param loaded see {@link KnownSeries#loadedAnswers}
   */
  private record Facts(
      Optional<String> origin,
      Map<String, Coverage> covered,
      Optional<String> monthCap,
      Set<String> loaded) {
    static final Facts NONE = new Facts(Optional.empty(), Map.of(), Optional.empty(), Set.of());
  }

  private KnownSeries(
      Optional<Path> database, Duration patience, Job job, String table, Facts facts) {
    this.database = database;
    this.patience = patience;
    this.job = job;
    this.table = table;
    this.facts = facts;
  }

  /**
   * Reads what there is.
   *
   * @param database may not be there yet; then nothing is known
   * @param now refusals are known only until their time
   * @param patience how long to wait for a process that is writing
   * @throws dev.backfill.io.duckdb.TableGoneException if the table is not there and rows of it are
   *     loaded by the ledger
   * @throws dev.backfill.io.duckdb.SeriesConflictException if the table holds another series under
   *     a name that the job would use
   */
  static KnownSeries read(
      Optional<Path> database, Job job, TargetSpec target, Instant now, Duration patience) {
    Facts facts =
        read(
            database,
            patience,
            Facts.NONE,
            ledger -> {
              ledger.gone().refuse(target.table());
              ledger.requireNoConflict(target, job.symbols().stream().map(job::series).toList());
              return new Facts(
                  ledger.origin(job.source()),
                  ledger.covered(
                      target.table(),
                      job.source(),
                      job.dataset(),
                      job.schema(),
                      job.stypeIn(),
                      now),
                  ledger.setting(SpendingCaps.MONTH_SETTING),
                  ledger.loadedAnswers());
            });
    return new KnownSeries(database, patience, job, target.table(), facts);
  }

  private static <T> T read(
      Optional<Path> database, Duration patience, T nothing, Function<Ledger, T> reading) {
    try (Opened opened = Opened.reading(database, patience)) {
      Optional<Database> there = opened.database();
      return there.isPresent() ? reading.apply(new Ledger(there.get())) : nothing;
    }
  }

  /** Who filled the database with the job's source; empty while nobody has. */
  Optional<String> origin() {
    return facts.origin();
  }

  /** Which instants of each symbol are answered for; refusals only until their time. */
  Map<String, Coverage> covered() {
    return facts.covered();
  }

  /** What all runs of a month may spend, US dollars, as the database remembers it. */
  Optional<String> monthCap() {
    return facts.monthCap();
  }

  /** Of FRED's series those that are loaded and have ended. */
  List<String> discontinued() {
    try (Opened opened = Opened.reading(database, patience)) {
      return opened
          .database()
          .map(there -> SummarizeRun.discontinued(there, job))
          .orElse(List.of());
    }
  }

  /** Which landed answers are loaded; see {@link Ledger#loadedAnswers}. */
  Set<String> loadedAnswers() {
    return facts.loaded();
  }

  /** What the service has refused, or had no such symbol for. */
  Map<String, List<CoverageRow>> notServed() {
    return read(
        database,
        patience,
        Map.of(),
        ledger ->
            ledger.notServed(table, job.source(), job.dataset(), job.schema(), job.stypeIn()));
  }

  /** What is known of each symbol's intervals, in order of time, whatever the state. */
  Map<String, List<CoverageRow>> rows() {
    return look(
        Map.of(),
        ledger -> ledger.coverage(table, job.source(), job.dataset(), job.schema(), job.stypeIn()));
  }

  /** What was served of each symbol, in order of time and by chunk; see {@link Ledger#served}. */
  Map<String, List<CoverageRow>> served() {
    return look(
        Map.of(),
        ledger -> ledger.served(table, job.source(), job.dataset(), job.schema(), job.stypeIn()));
  }

  /** The answers that are loaded of the job's dataset, schema and stype. */
  List<LoadedAnswer> answers() {
    return look(
        List.of(),
        ledger -> ledger.answers(job.source(), job.dataset(), job.schema(), job.stypeIn()));
  }

  /** Rows that it is time to look at again; refusals are not among them. */
  List<CoverageRow> due(Instant now) {
    return look(
        List.of(),
        ledger -> ledger.due(table, job.source(), job.dataset(), job.schema(), job.stypeIn(), now));
  }

  /** Chunks of the job's kind that last ended as failed. */
  List<ChunkState> failed() {
    return look(List.<ChunkState>of(), ledger -> ledger.chunks("failed")).stream()
        .filter(chunk -> job.dataset().equals(chunk.dataset()))
        .filter(chunk -> job.schema().equals(chunk.schema()))
        .filter(chunk -> job.stypeIn().equals(chunk.stypeIn()))
        .toList();
  }

  /** What the service said last of the changes of its days. */
  Map<LocalDate, LocalDate> lastModified() {
    return look(Map.of(), ledger -> ledger.lastModified(job.dataset()));
  }

  /** All runs, the newest first. */
  List<RunRow> runs() {
    return look(List.of(), ledger -> ledger.runs(Integer.MAX_VALUE));
  }

  private <T> T look(T nothing, Function<Ledger, T> reading) {
    return read(database, patience, nothing, reading);
  }
}
