package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.RequestRow;
import dev.backfill.io.duckdb.RequestTable;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.JournalRows;
import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was spent, by month and job: ops.requests, and what is in the landing's journal alone,
 * because a run was killed or is under way, because it only landed, or because another database has
 * its run: it was spent all the same. Immutable.
 *
 * @param lines in the order of month and job
 */
record Spent(List<Line> lines) {
  /** Stands for the job of runs that the database does not know. */
  static final String LANDING = "(landing)";

  private static final Instant EVER = Instant.parse("1970-01-01T00:00:00Z");

  /**
   * Some requests together.
   *
   * @param requests every attempt
   * @param bytes that were billed, as far as that can be known
   * @param usd for these, estimated, US dollars
   * @param doubtBytes that may have been billed beside them: of requests that may have been sent,
   *     and whose answer nobody saw
   * @param doubtUsd for these, likewise
   */
  record Line(
      String month,
      String job,
      long requests,
      long bytes,
      double usd,
      long doubtBytes,
      double doubtUsd) {
    private static Line none(String month, String job) {
      return new Line(month, job, 0, 0, 0, 0, 0);
    }

    /** US dollars, with what is in doubt: what a cap counts. */
    double mostUsd() {
      return usd + doubtUsd;
    }

    private Line plus(RequestRow row) {
      Long billed = row.billableBytes();
      Double cost = row.costEstimateUsd();
      long all = billed == null ? 0 : billed;
      double price = cost == null ? 0 : cost;
      boolean isDoubt = isInDoubt(row);
      return new Line(
          month,
          job,
          requests + 1,
          bytes + (isDoubt ? 0 : all),
          usd + (isDoubt ? 0 : price),
          doubtBytes + (isDoubt ? all : 0),
          doubtUsd + (isDoubt ? price : 0));
    }

    private Line plus(Line other) {
      return new Line(
          month,
          job,
          requests + other.requests,
          bytes + other.bytes,
          usd + other.usd,
          doubtBytes + other.doubtBytes,
          doubtUsd + other.doubtUsd);
    }
  }

  Spent {
    lines = List.copyOf(lines);
  }

  /** Everything: for people who ask, as it reads the whole journal. */
  static Spent ever(Optional<Database> database, LandingArea landing) throws IOException {
    return of(database, EVER, landing.requests());
  }

  /**
   * The UTC month of an instant.
   *
   * @param database empty where there is none yet
   */
  static Line inMonth(Optional<Database> database, LandingArea landing, Instant now)
      throws IOException {
    Instant begin =
        YearMonth.from(now.atZone(ZoneOffset.UTC))
            .atDay(1)
            .atStartOfDay(ZoneOffset.UTC)
            .toInstant();
    long beginNs = Times.nanos(begin);
    List<RequestEntry> journal =
        landing.requests().stream().filter(entry -> entry.startedAtNs() >= beginNs).toList();
    Spent spent = of(database, begin, journal);
    return spent.total(month(now));
  }

  private static Spent of(Optional<Database> database, Instant from, List<RequestEntry> journal) {
    Map<String, RequestRow> requests = new LinkedHashMap<>();
    Map<String, String> jobs = new HashMap<>();
    if (database.isPresent()) {
      new RequestTable(database.get())
          .since(from)
          .forEach(row -> requests.put(row.requestNo(), row));
      new Ledger(database.get())
          .runs(Integer.MAX_VALUE)
          .forEach(run -> jobs.put(run.runId(), run.jobName()));
    }
    for (RequestRow row : JournalRows.of(journal)) {
      if (!row.startedAt().isBefore(from)) {
        // The ledger has the last word, once it knows of a request.
        requests.merge(row.requestNo(), row, Spent::better);
      }
    }
    return new Spent(byMonthAndJob(requests.values(), jobs));
  }

  private static RequestRow better(RequestRow table, RequestRow journal) {
    return isInDoubt(table) && !isInDoubt(journal) ? journal : table;
  }

  private static boolean isInDoubt(RequestRow row) {
    return row.outcome().equals(RequestEntry.UNKNOWN);
  }

  private static List<Line> byMonthAndJob(
      Collection<RequestRow> requests, Map<String, String> jobs) {
    Map<String, Line> lines = new TreeMap<>();
    for (RequestRow row : requests) {
      String month = month(row.startedAt());
      String job = jobs.getOrDefault(row.runId(), LANDING);
      String key = month + " " + job;
      lines.put(key, lines.getOrDefault(key, Line.none(month, job)).plus(row));
    }
    return List.copyOf(lines.values());
  }

  /** All of it. */
  Line total() {
    return lines.stream().reduce(Line.none("", ""), Line::plus);
  }

  /** All of one month. */
  Line total(String month) {
    return lines.stream()
        .filter(line -> line.month().equals(month))
        .reduce(Line.none(month, ""), Line::plus);
  }

  /** The UTC month, like 2025-12. */
  static String month(Instant time) {
    return YearMonth.from(time.atZone(ZoneOffset.UTC)).toString();
  }
}
