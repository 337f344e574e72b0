package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.backfill.io.dbn.SType;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ImportOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
  void statusSaysWhatAnImportDoesWhileItHasTheFile() throws IOException {
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
      List<String> seen = new ArrayList<>();
      PrintStream spy =
          new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
              seen.add(desk.status(false) + " " + desk.printed());
            }
          };
      ImportOptions options =
          new ImportOptions(
              List.of(file),
              desk.database(),
              Optional.empty(),
              false,
              Optional.empty(),
              Duration.ZERO);
      int code =
          new BackfillActions()
              .importFiles(options, new Console(spy, spy, Console.Mode.NORMAL, false, false));
      assertThat(code, equalTo(0));
      assertThat(seen.get(0), startsWith("0 running: run 20"));
      assertThat(seen.get(0), containsString(" (import, PID " + ProcessHandle.current().pid()));
      assertThat(seen.get(0), containsString(") is importing"));
      assertThat(desk.status(false), equalTo(0));
      assertThat("and takes it away", desk.printed(), not(containsString("running")));
    }
  }

  @Test
  void aRunThatTheLedgerCallsRunningHasStoppedWhereNobodyHasTheDatabase() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(job()), equalTo(0));
      // What the row of a run that has not ended says it costs is its plan's price.
      Rows.execute(
          desk.database(),
          "UPDATE ops.backfill_runs SET status = 'running', cost_estimate_usd = 7.77");
      assertThat(desk.status(false), equalTo(0));
      assertThat(desk.printed(), containsString("  test-job  stopped  "));
      assertThat(desk.printed(), not(containsString("7.77")));
      assertThat(desk.status(true), equalTo(0));
      assertThat(desk.printed(), containsString("\"cost_estimate_usd\" : null"));
      assertThat(desk.printed(), containsString("\"status\" : \"stopped\""));
      String database = "\"database\" : \"" + desk.database().toAbsolutePath() + "\"";
      assertThat(desk.printed(), containsString(database));
      assertThat(desk.spend(true), equalTo(0));
      assertThat(desk.printed(), containsString(database));
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
