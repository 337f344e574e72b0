package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.backfill.pipelines.LandingPlace;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The landing is in an object store that Beam finds on the class path, by its URI. */
class LandingElsewhereTest {
  private static final BarSize SIZE = BarSize.DAY;
  private static final Job JOB =
      Desk.job(SIZE, List.of("ZL.v.0", "6J.v.0"), "2024-01-01", "2024-03-01", 1, 30);

  @TempDir Path folder;
  private String uri = "";
  private Desk desk;
  private long billed;

  @BeforeEach
  void run() throws IOException {
    uri = "bucket://" + UUID.randomUUID() + "/landing";
    desk = Desk.in(folder).landingAt(new LandingPlace(uri));
    int code = desk.run(JOB);
    assertThat(desk.said(), code, equalTo(0));
    billed = desk.billedRequests();
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private void assertAllIsThere() {
    assertSame(
        TableRows.in(desk.database(), SIZE.futuresTable()),
        TableRows.expected(
            desk.emulator.market(),
            SIZE,
            List.of("ZL", "6J"),
            "2024-01-01T00:00:00Z",
            "2024-03-01T00:00:00Z"));
    assertThat("nothing is bought again", desk.billedRequests(), equalTo(billed));
  }

  @Test
  void aRunLandsThereAndNowhereElse() throws IOException {
    assertAllIsThere();
    assertThat(BucketFileSystem.names(), hasItem(uri + "/origin-databento.json"));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(
          files.map(file -> file.getFileName().toString()).toList(),
          not(hasItem(containsString("landing"))));
    }
    assertThat(desk.run(JOB), equalTo(0));
    assertThat(desk.printed(), containsString("nothing to do"));
    assertThat(desk.spend(false), equalTo(0));
    assertThat(desk.status(false), equalTo(0));
    assertAllIsThere();
  }

  @Test
  void aLostDatabaseIsLoadedFromThere() throws IOException {
    Files.delete(desk.database());
    int code = desk.load(JOB, Optional.empty());
    assertThat(desk.said(), code, equalTo(0));
    assertAllIsThere();
  }

  @Test
  void aLostDatabaseIsRepairedFromThere() throws IOException {
    Files.delete(desk.database());
    int code = desk.repair(false);
    assertThat(desk.said() + desk.printed(), code, equalTo(0));
    assertAllIsThere();
    assertThat(desk.repair(true), equalTo(0));
  }

  @Test
  void landBringsMoreThereAndARunOnlyLoadsIt() throws IOException {
    Job more = Desk.job(SIZE, List.of("CL.v.0"), "2024-01-01", "2024-03-01", 1, 30);
    int code = desk.land(desk.options(more));
    assertThat(desk.said(), code, equalTo(0));
    long all = desk.billedRequests();
    assertThat(all, equalTo(billed * 3 / 2));
    assertThat(desk.run(more), equalTo(0));
    assertThat(desk.billedRequests(), equalTo(all));
  }
}
