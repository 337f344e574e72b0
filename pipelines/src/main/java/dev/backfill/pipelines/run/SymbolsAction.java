package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.databento.DatabentoApiException;
import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.databento.HttpHistoricalClient;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseOptions;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.RollRow;
import dev.backfill.io.duckdb.Rolls;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.RefusedException;
import dev.backfill.pipelines.SymbolsOptions;
import dev.backfill.pipelines.UsageException;
import dev.backfill.pipelines.run.SymbolFacts.State;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.WantedRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a job's symbols, says what came of it, and writes the roll table where a database is
 * given. Asks nothing that is billed. Used once.
 */
final class SymbolsAction {
  private final SymbolsOptions options;
  private final Job job;
  private final Console console;
  private final Clock clock;

  private SymbolsAction(SymbolsOptions options, Job job, Console console, Clock clock) {
    this.options = options;
    this.job = job;
    this.console = console;
    this.clock = clock;
  }

  /** Of a job, or of each of its parts that asks for other symbols than those before it. */
  static int run(SymbolsOptions options, Console console, Clock clock) throws IOException {
    Set<List<Object>> seen = new HashSet<>();
    Map<SymbolsReport, Job> reports = new LinkedHashMap<>();
    for (Job part : options.parts()) {
      if (seen.add(List.of(part.dataset(), part.stypeIn(), part.symbols()))) {
        reports.put(new SymbolsAction(options, part, console, clock).report(), part);
      }
    }
    if (reports.size() == 1) {
      return reports.keySet().iterator().next().to(console);
    }
    int worst = ExitCodes.OK;
    ObjectNode all = new ObjectMapper().createObjectNode();
    ArrayNode parts = all.put("job", options.parts().get(0).wholeName()).putArray("parts");
    for (Map.Entry<SymbolsReport, Job> one : reports.entrySet()) {
      SymbolsReport report = one.getKey();
      // Its job is complete without it.
      int code = one.getValue().optional() ? ExitCodes.OK : report.exitCode();
      worst = ManyRuns.worse(worst, code);
      parts.add(report.json().put("exit_code", code));
      if (!console.json()) {
        console.result(report.text());
      }
    }
    if (console.json()) {
      console.result(all.toPrettyString());
    }
    return worst;
  }

  private SymbolsReport report() throws IOException {
    if (!job.source().equals("databento")) {
      throw new UsageException(
          "symbols says which contracts Databento's symbols stand for. A series of FRED stands for"
              + " nothing else: backfill plan "
              + job.name()
              + " says which are new, changed, unknown or discontinued");
    }
    try (HistoricalClient client = HttpHistoricalClient.connect(options.api())) {
      String origin = client.origin().origin();
      Interval wanted = null;
      List<SymbolFacts> facts;
      try {
        HistoricalClient.Range has = client.datasetRange(job.dataset()).of(job.schema());
        wanted = WantedRange.of(job, new Interval(has.startNs(), has.endNs())).range();
        facts = wanted == null ? List.of() : facts(client, wanted);
      } catch (DatabentoApiException e) {
        if (!e.lacksRights()) {
          throw e;
        }
        facts = SymbolReasons.notEntitled(job.symbols(), job.dataset());
      }
      return new SymbolsReport(job, days(wanted), facts, write(origin, days(wanted), facts));
    }
  }

  private List<SymbolFacts> facts(HistoricalClient client, Interval wanted) throws IOException {
    Days days = days(wanted).orElseThrow();
    List<SymbolFacts> facts = new ArrayList<>();
    SymbolReasons reasons = new SymbolReasons(client, job.dataset());
    for (SymbolFacts one :
        new SymbolResolver(client, job.dataset(), job.stypeIn(), days.from(), days.to())
            .resolve(job.symbols())) {
      facts.add(reasons.explain(one));
    }
    return facts;
  }

  /**
   * UTC dates.
   *
   * @param from the first
   * @param to the one after the last
   */
  record Days(LocalDate from, LocalDate to) {}

  private static Optional<Days> days(@Nullable Interval wanted) {
    return Optional.ofNullable(wanted)
        .map(i -> new Days(Times.date(i.startNs()), Times.date(i.endNs() - 1).plusDays(1)));
  }

  /** How many rows the roll table has of these symbols; empty where it was not written. */
  private OptionalLong write(String origin, Optional<Days> days, List<SymbolFacts> facts)
      throws IOException {
    Optional<Path> file = options.database();
    boolean isAnyToWrite =
        days.isPresent()
            && job.stypeIn().equals("continuous")
            && facts.stream().anyMatch(one -> one.state() != State.NOT_ENTITLED);
    if (file.isEmpty() || !isAnyToWrite) {
      return OptionalLong.empty();
    }
    Instant now = clock.instant();
    String runId = RunIds.next(now);
    try (RunHold hold =
            RunHold.take(
                file.get(),
                console,
                runId,
                now,
                "symbols",
                "symbols " + job.name(),
                "writing",
                options.patience());
        Database database = open(file.get(), origin)) {
      hold.begun();
      Tables.prepare(
          database,
          new TargetSpec(
              file.get().toString(), job.table(), job.publishers(), job.primaryKey(), runId),
          console::note);
      new LedgerLog(database).claimOrigin(job.source(), origin);
      List<RollRow> rows = new ArrayList<>();
      List<String> asked = new ArrayList<>();
      for (SymbolFacts one : facts) {
        rows.addAll(one.rows());
        asked.add(one.symbol());
      }
      return OptionalLong.of(
          new Rolls(database, job.dataset(), job.stypeIn())
              .write(asked, days.get().from(), days.get().to(), rows, now));
    }
  }

  /** A database that is another's, or was filled from elsewhere, is not touched by a look. */
  private Database open(Path file, String origin) {
    boolean isThere = Database.isThere(file);
    DatabaseOptions settings =
        options
            .storageVersion()
            .map(DatabaseOptions.DEFAULT::withStorageVersion)
            .orElse(DatabaseOptions.DEFAULT);
    Database database = Database.open(file.toString(), settings);
    boolean isGood = false;
    try {
      if (isThere && !Tables.changes(database, job.table()).isEmpty()) {
        throw new UsageException(
            "The database "
                + file
                + " was made by another system, and symbols takes none over: run "
                + job.name()
                + " first, or leave --db out");
      }
      Optional<String> known = new Ledger(database).origin(job.source());
      if (known.isPresent() && !known.get().equals(origin)) {
        throw new RefusedException(
            "The database holds data from "
                + known.get()
                + ", and --api-url leads to "
                + origin
                + ". Data of two origins never mix: give another --db, or the --api-url it was"
                + " filled from");
      }
      isGood = true;
      return database;
    } finally {
      if (!isGood) {
        database.close();
      }
    }
  }
}
