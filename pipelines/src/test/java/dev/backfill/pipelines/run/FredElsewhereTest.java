package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FRED on other runners, beside bars, and in a database that another system made. */
class FredElsewhereTest {
  private static final List<String> IDS = List.of("GASREGW", "PPIFGS");

  @TempDir Path folder;

  private static Job job(boolean primaryKey) {
    return Fred.job("my-series", Fred.OBSERVATIONS, IDS, Fred.TABLE, primaryKey);
  }

  @Test
  void onFlinkInThisProcessTheTableIsTheSame() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      RunOptions options =
          desk.options(job(false)).withRunner(RunnerOptions.flink(2, 2, List.of()));
      assertThat(desk.run(options), is(0));
      FredTruth.compare(desk.database(), desk.emulator.fred(), IDS);
      assertThat(desk.run(options), is(0));
      assertThat(desk.printed(), containsString("Nothing was fetched"));
    }
  }

  @Test
  void aClusterIsRefusedBeforeAnythingIsAsked() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      RunnerOptions cluster =
          new RunnerOptions(
              RunnerOptions.Kind.FLINK,
              OptionalInt.empty(),
              4,
              Optional.of("localhost:1"),
              List.of());
      assertThat(desk.run(desk.options(job(false)).withRunner(cluster)), is(2));
      assertThat(
          desk.said(),
          containsString("my-series asks FRED, which is done from this process: leave --flink"));
      assertThat(desk.emulator.ledger().entries().isEmpty(), is(true));
    }
  }

  @Test
  void aTableOfTheOriginalSystemIsTakenOver() throws IOException {
    Databases.sql(
        folder.resolve("my.duckdb"),
        "CREATE SCHEMA raw",
        "CREATE TABLE raw.fred_economic (series_id VARCHAR NOT NULL, date DATE NOT NULL, value"
            + " DOUBLE, source VARCHAR DEFAULT 'fred', ingested_at TIMESTAMP DEFAULT"
            + " CURRENT_TIMESTAMP, PRIMARY KEY (series_id, date))",
        "CREATE INDEX fred_by_date ON raw.fred_economic (date)",
        "INSERT INTO raw.fred_economic (series_id, date, value) VALUES ('GASREGW', '2024-01-05',"
            + " 1.5), ('GASREGW', '2024-01-06', 2.5), ('MINE', '2024-01-05', 3.5)",
        "CREATE TABLE raw.fred_series_metadata (series_id VARCHAR PRIMARY KEY, title VARCHAR,"
            + " category VARCHAR, frequency VARCHAR, units VARCHAR, seasonal_adjustment VARCHAR,"
            + " observation_start DATE, observation_end DATE, last_updated TIMESTAMP, popularity"
            + " INTEGER, notes VARCHAR, discovered_at TIMESTAMP, source VARCHAR, ingested_at"
            + " TIMESTAMP)",
        "INSERT INTO raw.fred_series_metadata (series_id, title, category, discovered_at) VALUES"
            + " ('GASREGW', 'old', 'energy', '2024-02-03 04:05:06')");
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(job(false)), is(0));
      assertThat(
          desk.said(),
          allOf(
              containsString("raw.fred_economic: it gets the columns realtime_start, realtime_end"),
              containsString("raw.fred_series_metadata: it gets the columns series_group")));
      assertThat(
          FredTruth.rows(
              desk.database(),
              "SELECT target_table, row_json->>'series_id', row_json->>'date',"
                  + " row_json->>'value' FROM ops.replaced_rows"),
          contains("raw.fred_economic|GASREGW|2024-01-06|2.5"));
      assertThat(
          FredTruth.rows(
              desk.database(),
              "SELECT category, discovered_at::VARCHAR, title <> 'old', series_group"
                  + " FROM raw.fred_series_metadata WHERE series_id = 'GASREGW'"),
          contains("energy|2024-02-03 04:05:06|true|spot_energy_weekly_monthly"));
      assertThat(
          FredTruth.rows(
              desk.database(),
              "SELECT count(*) FROM information_schema.table_constraints WHERE table_name ="
                  + " 'fred_economic' AND constraint_type = 'PRIMARY KEY'"),
          contains("1"));
      Databases.sql(desk.database(), "DELETE FROM raw.fred_economic WHERE series_id = 'MINE'");
      FredTruth.compare(desk.database(), desk.emulator.fred(), IDS);
    }
  }

  @Test
  void barsAndSeriesShareADatabaseAndMadeUpOnesNeverMixWithOthers() throws IOException {
    Job bars = Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2024-01-01", "2024-03-01", 1, 400);
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(bars), is(0));
      assertThat(desk.update(bars, job(true)), is(0));
      FredTruth.compare(desk.database(), desk.emulator.fred(), IDS);
    }
    try (Desk other = Desk.in(folder, EmulatorConfig.builder().seed(7))) {
      assertThat(other.run(job(true)), is(5));
      assertThat(
          other.said(),
          containsString("holds data from emulator:1:1, and --api-url leads to emulator:1:7"));
    }
  }
}
