package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashTest {
  @TempDir Path folder;

  /** A real process, killed with SIGKILL inside its third transaction. */
  @ParameterizedTest
  @ValueSource(strings = {"insert", "commit"})
  void whatIsThereAfterAKillIsWhatTheLedgerSays(String boundary)
      throws IOException, InterruptedException {
    Process child = Child.start("load", folder.resolve("test.duckdb").toString(), boundary);
    child.destroyForcibly().waitFor();
    try (Database reading = Database.openReadOnly(folder.resolve("test.duckdb").toString())) {
      assertThat(new Ledger(reading).status(TestDatabase.HOURLY).get(0).rows(), is(10_000L));
    }
    try (TestDatabase db = new TestDatabase(folder)) {
      String counts =
          "SELECT (SELECT count(*) FROM raw.databento_futures_ohlcv_1h),"
              + " (SELECT sum(row_count) FROM ops.coverage)";
      assertThat(db.ask(counts), contains("10000|10000"));
      assertThat(
          db.ask("SELECT chunk_id, state FROM ops.backfill_chunks ORDER BY 1"),
          contains("c2020|loaded", "c2021|loaded"));
      db.prepared(TestDatabase.HOURLY)
          .writer(TestDatabase.HOURLY)
          .write(
              List.of(Child.year(2021), Child.year(2022)), GroupWriter.DATA_END_UNKNOWN, List.of());
      assertThat(db.ask(counts), is(List.of("15000|15000")));
    }
  }
}
