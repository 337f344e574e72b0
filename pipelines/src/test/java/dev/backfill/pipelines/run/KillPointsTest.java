package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.Fault;
import dev.backfill.io.failpoint.FailPoint;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The program, in a process of its own, is killed at each boundary that a crash can fall on, with a
 * part of the job loaded before. After the next run everything is as if it had never been killed.
 */
class KillPointsTest {
  private static final BarSize SIZE = BarSize.HOUR;
  private static final int CHUNKS = 12;

  static Books undisturbed = new Books(List.of(), List.of(), List.of());

  @TempDir Path folder;

  private static Job job(String end) {
    return Desk.job(SIZE, List.of("ZL.v.0", "6J.v.0", "CL.v.0"), "2024-01-01", end, 1, 15);
  }

  private static Desk desk(Path folder) throws IOException {
    Desk desk = Desk.in(folder, EmulatorConfig.builder());
    int code = desk.run(job("2024-01-16"));
    assertThat(desk.said(), code, equalTo(0));
    return desk;
  }

  @BeforeAll
  static void runUndisturbed(@TempDir Path folder) throws IOException {
    try (Desk desk = desk(folder)) {
      int code = desk.run(job("2024-03-01"));
      assertThat(desk.said(), code, equalTo(0));
      undisturbed = Books.of(desk, SIZE);
      assertThat(desk.billedRequests(), equalTo((long) CHUNKS));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "TAKEOVER_.*")
  void afterAKillTheNextRunEndsAsIfThereHadBeenNone(FailPoint point)
      throws IOException, InterruptedException {
    try (Desk desk = desk(folder)) {
      if (point == FailPoint.MID_BODY) {
        // The rest of each body comes later, so that a piece of it arrives by itself.
        desk.emulator.faults().add(Fault.stall(300, 100).times(-1));
      }
      boolean landing = point.compareTo(FailPoint.AFTER_SIDECAR) <= 0;
      Set<String> landed;
      try (CliProcess killed =
          CliProcess.run(desk, job("2024-03-01"), point.label() + (landing ? ":3" : ""))) {
        killed.awaitFailPoint();
        killed.kill();
        landed = Books.landed(desk, SIZE);
      }
      if (landing) {
        assertThat(landed.size(), lessThan(CHUNKS));
      } else {
        assertThat(landed.size(), equalTo(CHUNKS));
      }
      desk.emulator.faults().clear();

      int code = desk.run(job("2024-03-01"));

      assertThat(desk.said(), code, equalTo(0));
      Books.of(desk, SIZE).assertEqual(undisturbed);
      Books.assertConsistent(desk, SIZE);
      Books.assertBoughtOnce(desk, List.of(landed));
    }
  }
}
