package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that another process has, or that may not be written. */
class HeldTest {
  @TempDir Path folder;

  private static Job job() {
    return Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2024-01-01", "2024-02-01", 1, 400);
  }

  @Test
  void aHeldDatabaseIsRefusedWithTheHoldersPid() throws IOException, InterruptedException {
    try (Desk desk = Desk.in(folder)) {
      Path file =
          new DbnFiles(
                  desk.emulator.market(),
                  BarSize.DAY,
                  SType.RAW_SYMBOL,
                  List.of("ZLH4"),
                  "2024-01-01",
                  "2024-02-01")
              .write(folder.resolve("a.dbn"));
      Process holder = Child.holding(folder);
      try {
        String pid = "PID " + holder.pid();
        assertThat(desk.run(job()), equalTo(5));
        assertThat(desk.said(), containsString(pid));
        assertThat(desk.importFiles(Optional.empty(), false, file), equalTo(5));
        assertThat(desk.said(), containsString(pid));
        assertThat(desk.plan(desk.options(job()), false), equalTo(5));
        assertThat(desk.said(), containsString(pid));
        assertThat(desk.status(false), equalTo(5));
        assertThat(desk.said(), containsString(pid));
        assertThat(desk.billedRequests(), equalTo(0L));
      } finally {
        holder.destroyForcibly().waitFor();
      }
      int code = desk.run(job());
      assertThat(desk.said(), code, equalTo(0));
    }
  }

  @Test
  void aDatabaseThatMayNotBeWrittenIsLeftAsItIs() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.run(job());
      assertThat(desk.database().toFile().setReadOnly(), equalTo(true));
      boolean canWrite = Files.isWritable(desk.database());
      if (canWrite) {
        System.out.println("Skipped: this user may write files that are marked read-only");
      }
      assumeFalse(canWrite, "this user may write files that are marked read-only");
      desk.emulator.ledger().clear();
      Job more = Desk.job(BarSize.DAY, List.of("ZS.v.0"), "2024-01-01", "2024-02-01", 1, 400);
      assertThat(desk.run(more), equalTo(2));
      assertThat(desk.said(), containsString("read-only"));
      assertThat(desk.billedRequests(), equalTo(0L));
      assertThat(desk.status(false), equalTo(0));
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() throws IOException {
    Path missing = folder.resolve("none");
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(Desk.options(missing, job(), desk.api())), equalTo(2));
      assertThat(desk.said(), containsString("There is no folder " + missing));
      assertThat(desk.billedRequests(), equalTo(0L));
    }
  }
}
