package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.pipelines.ValidateOptions;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Definitions in a database whose table has a primary key, as that of the original system has: an
 * option that was looked up for a day is also in that day's snapshot.
 */
class KeyedDefinitionsTest {
  private static final String TABLE = "reference.databento_definitions";

  /** As an existing user's database has them. */
  private static final String[] KEYED = {
    "CREATE SCHEMA reference",
    "CREATE SCHEMA raw",
    """
    CREATE TABLE reference.databento_definitions (
        dataset               VARCHAR NOT NULL,
        instrument_id         BIGINT NOT NULL,
        raw_symbol            VARCHAR NOT NULL,
        ts_recv               TIMESTAMP NOT NULL,
        instrument_class      VARCHAR,
        asset                 VARCHAR,
        exchange              VARCHAR,
        currency              VARCHAR,
        underlying            VARCHAR,
        strike_price          DECIMAL(18,9),
        expiration            TIMESTAMP,
        activation            TIMESTAMP,
        min_price_increment   DECIMAL(18,9),
        unit_of_measure       VARCHAR,
        unit_of_measure_qty   DECIMAL(18,9),
        contract_multiplier   INTEGER,
        security_update_action VARCHAR,
        PRIMARY KEY (dataset, instrument_id, raw_symbol, ts_recv)
    )""",
    """
    CREATE TABLE raw.databento_statistics_1d (
        symbol            VARCHAR NOT NULL,
        contract_symbol   VARCHAR NOT NULL,
        trading_date      DATE NOT NULL,
        settlement_price  DECIMAL(18,9),
        settlement_final  BOOLEAN,
        open_interest     BIGINT,
        cleared_volume    BIGINT,
        implied_volatility DECIMAL(18,9),
        delta             DECIMAL(18,9),
        instrument_id     BIGINT,
        parent_symbol     VARCHAR,
        ingested_at       TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        PRIMARY KEY (contract_symbol, trading_date)
    )""",
    """
    CREATE TABLE raw.databento_options_ohlcv_1d (
        symbol              VARCHAR NOT NULL,
        contract_symbol     VARCHAR NOT NULL,
        as_of_date          DATE NOT NULL,
        strike_price        DECIMAL(18,9),
        expiration_date     DATE,
        option_type         VARCHAR,
        open                DECIMAL(18,9),
        high                DECIMAL(18,9),
        low                 DECIMAL(18,9),
        close               DECIMAL(18,9),
        volume              BIGINT,
        open_interest       BIGINT,
        implied_volatility  DECIMAL(18,9),
        delta               DECIMAL(18,9),
        gamma               DECIMAL(18,9),
        theta               DECIMAL(18,9),
        vega                DECIMAL(18,9),
        source              VARCHAR DEFAULT 'databento_options',
        ingested_at         TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        publisher_id        INTEGER,
        instrument_id       BIGINT,
        parent_symbol       VARCHAR,
        underlying_symbol   VARCHAR,
        settlement_price    DECIMAL(18,9),
        PRIMARY KEY (contract_symbol, as_of_date)
    )"""
  };

  @TempDir Path folder;

  private static List<String> query(Desk desk, String sql) {
    return TableRows.query(desk.database(), sql);
  }

  /** What is said of each instrument and time, under whatever name it was asked for. */
  private static List<String> definitions(Desk desk) {
    return query(
        desk,
        "SELECT DISTINCT * EXCLUDE (parent_symbol, ingested_at) FROM " + TABLE + " ORDER BY ALL");
  }

  /** The look-up of one option for one day, as a job of its own. */
  private static Job lookUp(String option, LocalDate day) {
    return new Job(
        "look-up",
        "databento",
        "GLBX.MDP3",
        "definition",
        "raw_symbol",
        List.of(option),
        JobTime.parse(day.toString()),
        JobTime.parse(day.plusDays(1).toString()),
        TABLE,
        new Job.ChunkLimits(1, 1),
        List.of(),
        false);
  }

  private static void requireSound(Desk desk, List<Job> parts) throws IOException {
    ValidateOptions options =
        new ValidateOptions(
            parts,
            true,
            desk.database(),
            List.of(),
            Optional.of(OptionsDailyTest.END),
            false,
            true,
            Duration.ZERO);
    assertThat(desk.printed(), desk.validate(options, true), is(0));
    assertThat(
        ValidateTest.findings(new ObjectMapper().readTree(desk.printed())), equalTo(List.of()));
  }

  @Test
  void aSnapshotAfterALookUpAndALookUpAfterASnapshot() throws IOException {
    Path with = folder.resolve("keyed.duckdb");
    Databases.sql(with, KEYED);
    try (Desk desk = Desk.in(folder)) {
      List<String> keyless = everything(desk.databaseAt(folder.resolve("keyless.duckdb")));
      assertThat(
          "without a key both stand there",
          query(desk, "SELECT count(*) > " + keyless.size() + " FROM " + TABLE),
          equalTo(List.of("true")));
      List<String> bars = OptionRows.in(desk.database());
      List<String> keyed = everything(desk.databaseAt(with));
      assertSame(keyed, keyless);
      assertSame(OptionRows.in(with), bars);
      assertThat(query(desk, "SELECT count(*) FROM " + TABLE), equalTo(List.of("" + keyed.size())));
      assertThat(
          query(
              desk,
              "SELECT count(*) FROM duckdb_constraints() WHERE table_name ="
                  + " 'databento_definitions' AND constraint_type = 'PRIMARY KEY'"),
          equalTo(List.of("1")));
      assertThat(
          "each says what the other said",
          query(desk, "SELECT * FROM ops.replaced_rows"),
          equalTo(List.of()));
    }
  }

  /** Both orders and both again, forced; what is defined in the end. */
  private static List<String> everything(Desk desk) throws IOException {
    List<Job> parts = OptionsDailyTest.parts("OZL", "2024-01-20", "2024-02-12");
    assertThat(desk.said(), desk.run(parts, false), is(0));
    String[] lookedUp =
        query(
                desk,
                "SELECT symbol, CAST(range_start AS DATE) FROM ops.coverage WHERE stype_in ="
                    + " 'raw_symbol' AND state = 'loaded' ORDER BY range_start DESC, symbol")
            .get(0)
            .split("\\|");
    String option = lookedUp[0];
    LocalDate day = LocalDate.parse(lookedUp[1]);
    String holders =
        "SELECT DISTINCT coalesce(parent_symbol, 'itself') FROM "
            + TABLE
            + " WHERE raw_symbol = '"
            + option
            + "' AND CAST(ts_recv AS DATE) = '"
            + day
            + "' ORDER BY ALL";
    assertThat(query(desk, holders), equalTo(List.of("itself")));

    // The first day of its range is a snapshot.
    List<Job> later = OptionsDailyTest.parts("OZL", day.toString(), "2024-02-12");
    assertThat(desk.said(), desk.run(later, false), is(0));
    assertThat(query(desk, holders), hasItem("OZL.OPT"));
    requireSound(desk, later);
    assertThat(desk.said(), desk.rerun(later, RerunOptions.Kind.FORCED), is(0));
    requireSound(desk, later);

    Job lookUp = lookUp(option, day);
    assertThat(desk.said(), desk.rerun(lookUp, RerunOptions.Kind.FORCED), is(0));
    assertThat(query(desk, holders), hasItem("itself"));
    requireSound(desk, later);
    assertThat(desk.said(), desk.rerun(later, RerunOptions.Kind.FORCED), is(0));
    requireSound(desk, later);
    assertThat(
        query(
            desk,
            "SELECT count(*) FROM ops.backfill_runs WHERE note LIKE '%differ%'"
                + " AND note NOT LIKE '0 %'"),
        equalTo(List.of("0")));
    List<String> definitions = definitions(desk);
    assertThat(definitions.size(), greaterThan(100));
    return definitions;
  }
}
