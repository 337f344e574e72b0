package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Forgetting;
import dev.backfill.io.duckdb.LedgerStates;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.ForgetOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes ranges of a job out of the coverage, and says what it would cost to get them back. */
final class ForgetAction {
  private static final String NAME = "forget";

  private final ForgetOptions options;
  private final Console console;
  private final Clock clock;
  private final ArrayNode documents = new ObjectMapper().createArrayNode();

  ForgetAction(ForgetOptions options, Console console, Clock clock) {
    this.options = options;
    this.console = console;
    this.clock = clock;
  }

  int run() throws IOException {
    for (Job part : options.parts()) {
      // By what is covered now.
      Map<String, Coverage> lookedUp = lookedUp(part);
      Coverage range = Coverage.of(range(part, clock.instant()));
      Map<Series, Coverage> what = new LinkedHashMap<>();
      part.symbols().forEach(symbol -> what.put(part.series(symbol), range));
      forget(part, what);
      if (!lookedUp.isEmpty()) {
        Job lookUps = RollLookUps.job(part, lookedUp);
        Map<Series, Coverage> days = new LinkedHashMap<>();
        lookedUp.forEach((contract, its) -> days.put(lookUps.series(contract), its));
        forget(lookUps, days);
      }
    }
    if (console.json()) {
      ObjectNode all = new ObjectMapper().createObjectNode();
      all.put("job", options.parts().get(0).wholeName()).set("parts", documents);
      console.result((documents.size() == 1 ? documents.get(0) : all).toPrettyString());
    }
    return ExitCodes.OK;
  }

  /** What was looked up after the rolls of a job, by contract. */
  private Map<String, Coverage> lookedUp(Job job) {
    try (Opened opened = Opened.reading(Optional.of(options.database()), options.patience())) {
      return opened
          .database()
          .map(database -> RollLookUps.days(database, job, clock.instant()))
          .orElse(Map.of());
    }
  }

  private void forget(Job job, Map<Series, Coverage> what) throws IOException {
    Instant began = clock.instant();
    String runId = RunIds.next(began);
    String file = options.database().toString();
    try (RunHold hold =
            RunHold.take(
                options.database(),
                console,
                runId,
                began,
                NAME,
                NAME + " " + job.name(),
                "forgetting",
                options.patience());
        Database database = Database.open(file)) {
      hold.begun();
      Forgetting forgetting = new Forgetting(database);
      Forgetting.Forgotten looked = forgetting.look(job.table(), what, options.deleteRows());
      if (looked.taken().isEmpty()) {
        report(job, looked, null, runId);
        return;
      }
      GettingBack back = back(job, database, looked);
      if (options.dryRun()) {
        report(job, looked, back, runId);
      } else {
        Tables.prepare(
            database,
            new TargetSpec(file, job.table(), job.publishers(), job.primaryKey(), runId),
            console::note);
        report(
            job,
            forgetting.forget(
                job.table(),
                what,
                options.deleteRows(),
                forgotten -> row(job, runId, began, forgotten, back)),
            back,
            runId);
      }
    }
  }

  private GettingBack back(Job job, Database database, Forgetting.Forgotten forgotten)
      throws IOException {
    Map<String, Coverage> missing = new LinkedHashMap<>();
    forgotten.taken().forEach((series, coverage) -> missing.put(series.symbol(), coverage));
    return GettingBack.of(
        job,
        missing,
        LandingArea.at(options.landing().toString()),
        options.api(),
        new LedgerStates(database));
  }

  /** Whole intervals of the schema around what was asked; now is as far as anything goes. */
  private static Interval range(Job job, Instant now) {
    long edge = BarSize.ofSchema(job.schema()).map(BarSize::edgeNs).orElse(Times.DAY_NS);
    long newest = Math.floorDiv(Times.nanos(now), edge) * edge + edge;
    long to = at(job.to(), newest, newest);
    long from = at(job.from(), to, 0);
    return new Interval(
        Math.floorDiv(from, edge) * edge,
        Math.max(-Math.floorDiv(-to, edge) * edge, Math.floorDiv(from, edge) * edge + edge));
  }

  private static long at(JobTime time, long end, long now) {
    if (time instanceof JobTime.At at) {
      return at.nanos();
    }
    return time instanceof JobTime.Back back ? end - back.length().toNanos() : now;
  }

  private RunRow row(
      Job job, String runId, Instant began, Forgetting.Forgotten forgotten, GettingBack back) {
    return new RunRow(
        runId,
        NAME,
        ChunkId.hash(job.toString()).substring(0, 16),
        null,
        began,
        clock.instant(),
        "success",
        0,
        0,
        0,
        0,
        0L,
        null,
        null,
        null,
        sentence(job, forgotten, false) + "; to get it back: " + back.text());
  }

  private String sentence(Job job, Forgetting.Forgotten forgotten, boolean would) {
    return job.table()
        + ": "
        + (would ? "would forget " : "forgot ")
        + taken(job, forgotten)
        + (options.deleteRows()
            ? SummaryReport.counted(forgotten.rowsDeleted(), "row")
                + (would ? " would be deleted" : " deleted")
            : SummaryReport.counted(forgotten.rowsThere(), "row")
                + (would ? " would stay" : " stayed")
                + " in the table, explained by no coverage");
  }

  /** A series of FRED is covered whole, to an end that is far off, which tells nobody anything. */
  private static String taken(Job job, Forgetting.Forgotten forgotten) {
    int size = forgotten.taken().size();
    if (Fred.isSourceOf(job)) {
      return Console.count(size) + " series, ";
    }
    Interval span = span(forgotten);
    double days =
        forgotten.taken().values().stream().mapToDouble(Coverage::lengthNs).sum() / Times.DAY_NS;
    return String.format(
        Locale.ROOT,
        "%s between %s and %s (%,.1f symbol-days), ",
        SummaryReport.counted(size, "symbol"),
        Times.text(span.startNs()),
        Times.text(span.endNs()),
        days);
  }

  private static Interval span(Forgetting.Forgotten forgotten) {
    return new Interval(
        forgotten.taken().values().stream()
            .mapToLong(c -> c.intervals().get(0).startNs())
            .min()
            .orElseThrow(),
        forgotten.taken().values().stream()
            .mapToLong(c -> c.intervals().get(c.intervals().size() - 1).endNs())
            .max()
            .orElseThrow());
  }

  private void report(
      Job job, Forgetting.Forgotten forgotten, @Nullable GettingBack back, String runId) {
    if (console.json()) {
      ObjectNode node = documents.addObject();
      node.put("job", job.name())
          .put("table", job.table())
          .put("run_id", options.dryRun() || back == null ? "" : runId)
          .put("dry_run", options.dryRun())
          .put("rows_there", forgotten.rowsThere())
          .put("rows_deleted", forgotten.rowsDeleted());
      ObjectNode taken = node.putObject("forgotten");
      forgotten.taken().forEach((series, of) -> taken.put(series.symbol(), of.toString()));
      if (back != null) {
        back.json(node.putObject("to_get_back"));
      }
      return;
    }
    if (back == null) {
      console.result(job.name() + ": nothing of it is covered; nothing was changed");
      return;
    }
    console.result(sentence(job, forgotten, options.dryRun()));
    console.result("  to get it back: " + back.text());
    if (!back.plan().toLoad().isEmpty()) {
      console.result(
          "  the next run of "
              + job.wholeName()
              + " loads it again from the landing; to fetch anew: rerun --force");
    }
  }
}
