package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import dev.backfill.io.duckdb.Alerts.Key;
import dev.backfill.io.duckdb.Alerts.Open;
import dev.backfill.io.duckdb.Alerts.Severity;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One open row a fault, however often it is noticed. */
class AlertsTest {
  private static final Instant AT = Instant.parse("2025-12-16T01:00:00Z");
  private static final Instant LATER = Instant.parse("2025-12-16T02:00:00Z");
  private static final Key STALE =
      new Key(Alerts.DATA_QUALITY, "raw.databento_futures_ohlcv_1d", "the table is stale");
  private static final Key OTHER =
      new Key(Alerts.DATA_QUALITY, "raw.databento_futures_ohlcv_1h", "the table is stale");
  private static final String ROWS =
      "SELECT alert_type, severity, source, title, message, status, raised_at, resolved_at,"
          + " resolved_by FROM ops.alert_history ORDER BY raised_at, source";

  @TempDir Path folder;
  private TestDatabase db;
  private Alerts alerts;

  @BeforeEach
  void open() {
    db = new TestDatabase(folder);
    alerts = new Alerts(db.database);
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void whatIsNoticedAgainIsRaisedOnce() {
    db.prepared(TestDatabase.DAILY);
    assertThat(alerts.raise(STALE, Severity.WARNING, "3 days old", AT), is(true));
    assertThat(alerts.raise(STALE, Severity.ERROR, "8 days old", LATER), is(false));
    assertThat(
        db.ask(ROWS),
        contains(
            "data_quality|error|raw.databento_futures_ohlcv_1d|the table is stale|8 days old|open"
                + "|2025-12-16 01:00:00.0|-|-"));
    assertThat(
        alerts.open(Alerts.DATA_QUALITY), contains(new Open(STALE, "error", "8 days old", AT)));
    assertThat(alerts.open(Alerts.INGESTION_FAILURE), is(empty()));
  }

  @Test
  void whatIsWellAgainIsResolvedAndMayComeBack() {
    db.prepared(TestDatabase.DAILY);
    alerts.raise(STALE, Severity.WARNING, "3 days old", AT);
    alerts.raise(OTHER, Severity.WARNING, "2 days old", AT);
    assertThat(alerts.resolve(STALE, "run-7", LATER), is(true));
    assertThat(alerts.resolve(STALE, "run-8", LATER), is(false));
    assertThat(
        alerts.raise(STALE, Severity.WARNING, "4 days old", LATER.plusSeconds(60)), is(true));
    assertThat(
        db.ask(ROWS),
        contains(
            "data_quality|warning|raw.databento_futures_ohlcv_1d|the table is stale|3 days old"
                + "|resolved|2025-12-16 01:00:00.0|2025-12-16 02:00:00.0|run-7",
            "data_quality|warning|raw.databento_futures_ohlcv_1h|the table is stale|2 days old"
                + "|open|2025-12-16 01:00:00.0|-|-",
            "data_quality|warning|raw.databento_futures_ohlcv_1d|the table is stale|4 days old"
                + "|open|2025-12-16 02:01:00.0|-|-"));
  }

  @Test
  void aDatabaseWithoutALedgerHasNone() {
    assertThat(alerts.open(Alerts.DATA_QUALITY), is(empty()));
  }
}
