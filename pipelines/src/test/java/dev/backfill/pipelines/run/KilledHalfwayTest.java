package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long run that is killed in the middle leaves most of what has landed loaded. */
@Tag("slow")
class KilledHalfwayTest {
  private static final BarSize SIZE = BarSize.HOUR;
  private static final int CHUNKS = 201;

  @TempDir Path folder;

  @Test
  void mostOfWhatHasLandedIsLoaded() throws Exception {
    Job job =
        Desk.job(SIZE, List.of("ZL.v.0", "6J.v.0", "CL.v.0"), "2024-01-01", "2024-09-24", 1, 4);
    try (Desk desk = Desk.in(folder, EmulatorConfig.builder().latency(Duration.ofMillis(400)))) {
      int landed;
      try (CliProcess killed = CliProcess.run(desk, job, "")) {
        while (killed.isAlive() && Books.landed(desk, SIZE).size() < CHUNKS / 2) {
          LockSupport.parkNanos(50_000_000);
        }
        assertThat("it is killed in the middle", killed.isAlive(), is(true));
        killed.kill();
        landed = Books.landed(desk, SIZE).size();
      }
      assertThat(landed, is(lessThan(CHUNKS)));
      int loaded;
      try (Database database = Database.openReadOnly(desk.database().toString())) {
        loaded = new Ledger(database).chunks("loaded").size();
      }
      assertThat(loaded + " of " + landed + " are loaded", 2 * loaded, is(greaterThan(landed)));

      assertThat(desk.run(job), equalTo(0));
      Books.assertConsistent(desk, SIZE);
    }
  }
}
