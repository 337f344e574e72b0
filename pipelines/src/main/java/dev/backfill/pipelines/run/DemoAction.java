package dev.backfill.pipelines.run;

import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.DemoOptions;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.transforms.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The two-minute tour: an emulated market whose clock stands still, two jobs, and what came of
 * them.
 */
final class DemoAction {
  private static final Instant NOW = Instant.parse("2025-12-16T00:00:00Z");
  private static final Duration HOURLY = Duration.ofDays(30);

  private final DemoOptions options;
  private final Console console;

  DemoAction(DemoOptions options, Console console) {
    this.options = options;
    this.console = console;
  }

  int run() throws IOException {
    EmulatorConfig config =
        EmulatorConfig.builder().clock(EmulatorClock.fixed(NOW)).rateLimitFactor(0).build();
    Path key = Files.createTempFile("backfill-demo", ".key");
    try (EmulatorServer emulator = EmulatorServer.start(config)) {
      Files.writeString(key, EmulatorConfig.DEFAULT_KEY);
      console.note(
          "An emulated Databento serves made-up prices at "
              + emulator.url()
              + "; its clock says "
              + NOW);
      ApiOptions api = ApiOptions.of(emulator.url(), ApiKeySource.file(key.toString()));
      int code = load(api, JobFile.read("daily-futures"));
      code = Math.max(code, load(api, JobFile.read("hourly-futures", lastDays())));
      try (Database database = Database.openReadOnly(options.database().toString())) {
        console.result("");
        console.result(
            StatusReport.read(database, false, Instant.now(), StatusReport::builtIn).summary());
      }
      console.result(afterwards());
      return code;
    } finally {
      Files.deleteIfExists(key);
    }
  }

  private int load(ApiOptions api, Job job) throws IOException {
    RunSummary summary =
        new RunAction(
                new RunOptions(
                    job,
                    Optional.of(options.database()),
                    options.landing(),
                    api,
                    RunnerOptions.DEFAULT,
                    SpendLimits.USUAL,
                    false,
                    Optional.empty(),
                    Duration.ZERO),
                console,
                Clock.systemUTC(),
                RetryPolicy.forData())
            .execute();
    SummaryReport report = new SummaryReport(summary);
    console.result(report.text());
    return report.exitCode();
  }

  private static Overrides lastDays() {
    return new Overrides(Optional.of(new JobTime.Back(HOURLY)), Optional.empty(), List.of());
  }

  private String afterwards() {
    return String.join(
        System.lineSeparator(),
        "",
        "Database  " + options.database() + "   (open it with any DuckDB 1.5 or newer)",
        "Landing   " + options.landing() + "   (the raw answers; a rebuild from them is free)",
        "",
        "Three queries worth trying:",
        "",
        "  -- the day WTI went below zero",
        "  SELECT as_of_date, contract_symbol, open, low, close FROM"
            + " raw.databento_futures_ohlcv_1d",
        "  WHERE symbol = 'CL' AND as_of_date BETWEEN '2020-04-17' AND '2020-04-22';",
        "",
        "  -- prices are exact, down to the yen's seventh digit",
        "  SELECT as_of_date, close FROM raw.databento_futures_ohlcv_1d",
        "  WHERE symbol = '6J' ORDER BY as_of_date DESC LIMIT 5;",
        "",
        "  -- which run loaded what, from where",
        "  SELECT symbol, state, range_start, range_end, row_count, run_id FROM ops.coverage",
        "  ORDER BY row_count DESC LIMIT 10;");
  }
}
