package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerStates;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.SeriesGroups;
import dev.backfill.io.duckdb.SymbolStates;
import dev.backfill.io.duckdb.SymbolStatus;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.Table;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a database holds, read at once. {@link StatusText} and the others say it. Immutable. */
final class StatusReport {
  private static final int RUNS = 5;

  /** Of each job that has been run here ops.settings has such a row. */
  private static final String RUN_JOBS = "job.";

  /**
   * One table.
   *
   * @param name full name
   * @param symbols that are there
   * @param groups the same by group, and what is missing
   * @param isStale whether its newest row is older than is usual
   */
  record OfTable(String name, List<SymbolStatus> symbols, SymbolGroups groups, boolean isStale) {
    long rows() {
      return symbols.stream().mapToLong(SymbolStatus::rows).sum();
    }

    /** Whether its rows are observations of series and no bars. */
    boolean isOfFred() {
      return Fred.isTable(name);
    }

    Optional<Instant> first() {
      return symbols.stream().map(SymbolStatus::first).min(Comparator.naturalOrder());
    }

    Optional<Instant> last() {
      return symbols.stream().map(SymbolStatus::last).max(Comparator.naturalOrder());
    }
  }

  private final String database;
  private final Instant now;
  private final List<OfTable> tables;
  private final List<RunRow> runs;
  private final boolean isRunning;
  private final StateReport states;
  private final List<String> gone;
  private final List<String> begunJobs;
  private final List<String> otherJobs;
  private final boolean isMadeUp;

  private StatusReport(
      Database database, boolean isRunning, Instant now, Supplier<List<Job>> jobs) {
    Ledger ledger = new Ledger(database);
    this.database = database.path().toString();
    this.now = now;
    this.isRunning = isRunning;
    this.runs = ledger.runs(RUNS);
    this.states = StateReport.read(database, now);
    this.gone = states.tables().stream().filter(t -> ledger.gone().rows(t) > 0).toList();
    this.isMadeUp =
        ledger.settings("api_origin.").values().stream().anyMatch(o -> o.startsWith("emulator"));
    this.begunJobs = new ArrayList<>();
    this.otherJobs = new ArrayList<>();
    SymbolStates covered = new LedgerStates(database).bySymbol();
    Set<String> run = ledger.settings(RUN_JOBS).keySet();
    Set<String> refused = DatasetRights.refused(ledger);
    Map<String, Map<String, WantedCheck.Why>> missing = new LinkedHashMap<>();
    for (Job job : jobs.get()) {
      MissingSymbols wanted =
          new MissingSymbols(job, covered.of(job), refused.contains(job.dataset()));
      Map<String, WantedCheck.Why> reasons = wanted.reasons();
      Map<String, WantedCheck.Why> lacking =
          missing.computeIfAbsent(job.table(), t -> new LinkedHashMap<>());
      reasons.forEach((symbol, why) -> lacking.putIfAbsent(name(job, symbol), why));
      // Of two jobs that want the same series, only the one that was run is to be updated.
      String name = job.wholeName();
      if (gone.contains(job.table())) {
        // A run of it is refused until the table is back.
        continue;
      }
      if (wanted.isBegun() && run.contains(RUN_JOBS + job.name())) {
        addOnce(begunJobs, name);
      } else if (!wanted.isBegun() && reasons.containsValue(WantedCheck.Why.NOT_ASKED)) {
        addOnce(otherJobs, name);
      }
    }
    // A job that is begun lacks no more than a part.
    otherJobs.removeAll(begunJobs);
    this.tables = new ArrayList<>();
    SymbolGroups.Titles titles = new SymbolGroups.Titles();
    for (String table : ledger.tables()) {
      List<SymbolStatus> symbols = ledger.status(table);
      Map<String, WantedCheck.Why> lacking =
          new LinkedHashMap<>(symbols.isEmpty() ? Map.of() : missing.getOrDefault(table, Map.of()));
      symbols.forEach(s -> lacking.remove(s.symbol()));
      SymbolGroups groups =
          SymbolGroups.of(titles, symbols, SeriesGroups.of(database, table), lacking);
      OfTable of = new OfTable(table, symbols, groups, false);
      boolean isStale =
          !isMadeUp && of.last().filter(last -> Freshness.isStale(table, last, now)).isPresent();
      tables.add(new OfTable(table, symbols, groups, isStale));
    }
  }

  private static void addOnce(List<String> names, String name) {
    if (!names.contains(name)) {
      names.add(name);
    }
  }

  private static String name(Job job, String symbol) {
    Series series = job.series(symbol);
    return series.tableSymbol().orElse(symbol);
  }

  /**
   * Reads it all.
   *
   * @param isRunning whether a command has the database: else a run that the ledger calls running
   *     has stopped
   * @param now tells what is stale and which interval is not yet complete
   * @param jobs {@link #builtIn}, or what will give it
   */
  static StatusReport read(
      Database database, boolean isRunning, Instant now, Supplier<List<Job>> jobs) {
    return new StatusReport(database, isRunning, now, jobs);
  }

  /** The built-in jobs with their parts, with which the database is compared. */
  static List<Job> builtIn() {
    List<Job> jobs = new ArrayList<>();
    JobFile.builtIn().forEach(name -> jobs.addAll(JobFile.readAll(name, Overrides.NONE)));
    return jobs;
  }

  /** The file. */
  String database() {
    return database;
  }

  /** When it was read. */
  Instant now() {
    return now;
  }

  /** The tables, by name; those without a row too. */
  List<OfTable> tables() {
    return tables;
  }

  /** The newest runs first. */
  List<RunRow> runs() {
    return runs;
  }

  /** What the ledger says. */
  StateReport states() {
    return states;
  }

  /** Whether its prices are an emulator's, so that nobody can say what is stale. */
  boolean isMadeUp() {
    return isMadeUp;
  }

  /** Of a run that the ledger calls running and that is not, that it has stopped. */
  String word(RunRow run) {
    return run.status().equals(RunRow.RUNNING) && !isRunning ? "stopped" : run.status();
  }

  /** What a person should do now, the first thing first; a sentence and the command. */
  Map<String, String> next() {
    Map<String, String> next = new LinkedHashMap<>();
    String db = " --db " + database;
    if (isRunning) {
      next.put("a run is under way; look again with", "backfill status" + db);
    }
    if (!gone.isEmpty()) {
      next.put(
          String.join(", ", gone) + (gone.size() == 1 ? " is" : " are") + " gone; bring back with",
          "backfill repair" + db);
    } else if (begunJobs.isEmpty() && tables.stream().allMatch(t -> t.symbols().isEmpty())) {
      next.put("nothing is loaded yet; begin with", "backfill run daily-futures" + db);
      return next;
    }
    if (states.failures() > 0) {
      next.put("some ranges have failed; ask for just those with", "backfill rerun" + db);
    }
    if (!begunJobs.isEmpty()) {
      String jobs = String.join(" ", begunJobs);
      boolean isStale = tables.stream().anyMatch(OfTable::isStale);
      next.put(
          isStale ? "some tables are stale; bring them up to date with" : "bring what is new with",
          "backfill update " + jobs + db);
    }
    otherJobs.forEach(
        job ->
            next.put(
                job + " is not loaded; its price, for nothing, by", "backfill plan " + job + db));
    next.put("check what is there with", "backfill validate" + db);
    return next;
  }

  /** One line a table. */
  String summary() {
    if (tables.isEmpty()) {
      return database + " holds no table of bars yet";
    }
    List<String> parts = new ArrayList<>();
    for (boolean isOfFred : new boolean[] {false, true}) {
      Table text = summary(isOfFred);
      if (text.size() > 0) {
        parts.add(text.render());
      }
    }
    String between = System.lineSeparator().repeat(2);
    return parts.isEmpty() ? database + " holds no bars yet" : String.join(between, parts);
  }

  private Table summary(boolean isOfFred) {
    Table text = new Table(header("table", isOfFred));
    for (OfTable table : tables) {
      if (table.isOfFred() == isOfFred && !table.symbols().isEmpty()) {
        text.row(
            table.name(),
            table.symbols().size(),
            table.rows(),
            when(table.first()),
            when(table.last()));
      }
    }
    return text;
  }

  /**
   * The columns of a listing: how its rows are named, how many there are, and from when to when.
   */
  static String[] header(String of, boolean isOfFred) {
    return isOfFred
        ? new String[] {of, "series", "observations", "first", "last"}
        : new String[] {of, "symbols", "rows", "first bar", "last bar"};
  }

  static String when(Optional<Instant> time) {
    return time.map(StatusReport::when).orElse("");
  }

  /** A date for a daily bar, else date and time, UTC. */
  static String when(Instant time) {
    String text = Times.text(Times.nanos(time));
    return text.length() == 10 ? text : text.substring(0, 16).replace('T', ' ');
  }
}
