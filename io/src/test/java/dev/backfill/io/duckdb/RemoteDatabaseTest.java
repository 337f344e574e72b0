package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.lock.Holder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database elsewhere is written as a file is, and its lock is a row of its own. */
class RemoteDatabaseTest {
  private static final String NAME = "md:research";
  private static final String BARS = "raw.databento_futures_ohlcv_1h";
  private static final List<String> SEEN =
      List.of(
          "SELECT * FROM raw.databento_futures_ohlcv_1h ORDER BY ALL",
          "SELECT * FROM ops.coverage ORDER BY ALL",
          "SELECT * FROM ops.backfill_chunks ORDER BY ALL",
          "SELECT * FROM ops.dataset_condition ORDER BY ALL",
          "SELECT count(*) FROM reference.symbols",
          "SELECT count(*) FROM ops.futures_1h_provenance");

  @TempDir Path folder;
  private FakeMotherDuck there;

  @BeforeEach
  void fake() {
    there = new FakeMotherDuck(folder);
  }

  @AfterEach
  void real() {
    there.close();
  }

  private static FakeChunk other() {
    return new FakeChunk("c2")
        .stretch("ZL.v.0", "2024-01-01", "2024-01-03")
        .segment("ZL", 7, "ZLF4", null)
        .bar("2024-01-01T02:00:00Z", 1, 2)
        .bar("2024-01-02T02:00:00Z", 3, 4);
  }

  private static List<List<String>> filled(TestDatabase db) {
    db.prepared(BARS);
    db.writer(BARS).write(List.of(FakeChunk.threeHours()), FakeChunk.ns("2024-02-01"), List.of());
    db.writer(BARS).comparing(true).write(List.of(other()), FakeChunk.ns("2024-02-01"), List.of());
    new LedgerLog(db.database)
        .conditions(
            "GLBX.MDP3",
            LocalDate.parse("2024-01-01"),
            LocalDate.parse("2024-01-02"),
            List.of(new DayCondition("GLBX.MDP3", LocalDate.parse("2024-01-02"), "degraded", null)),
            Instant.EPOCH);
    return SEEN.stream().map(db::ask).toList();
  }

  @Test
  void whatIsWrittenThereIsWhatAFileWouldHave() throws IOException {
    List<List<String>> local;
    try (TestDatabase file = new TestDatabase(folder)) {
      local = filled(file);
    }
    assertThat(local.get(0), hasSize(2));
    try (WriteLease lease = WriteLease.take(NAME, "run test", Duration.ZERO, s -> {});
        TestDatabase elsewhere = new TestDatabase(NAME)) {
      lease.begun();
      assertThat(filled(elsewhere), equalTo(local));
      assertThat(elsewhere.database.isRemote(), is(true));
      // A temporary table is here, and so is what has no name of a database before it there.
      assertThat(elsewhere.ask("SELECT current_database()"), contains("research"));
    }
    try (Database stored = Database.openReadOnly(there.file("research").toString());
        var connection = stored.connect()) {
      assertThat(
          Sql.query(connection, "SELECT count(*) FROM " + BARS, row -> row.getLong(1)),
          contains(2L));
      assertThat(
          Sql.query(connection, "SELECT * FROM ops.job_locks", row -> row.getString(1)), empty());
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
    assertThat("nothing beside it", inFolder(), not(containsString(".lock")));
  }

  private String inFolder() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.map(file -> file.getFileName().toString()).forEach(names::add);
    }
    names.removeIf(name -> name.startsWith("test.duckdb") || name.startsWith("research.there"));
    return String.join(" ", names);
  }

  @Test
  void aSecondWriterIsToldOfTheFirst() {
    try (WriteLease first = WriteLease.take(NAME, "run first", Duration.ZERO, s -> {})) {
      first.begun();
      DatabaseHeldException held =
          assertThrows(
              DatabaseHeldException.class,
              () -> WriteLease.take(NAME, "run second", Duration.ZERO, s -> {}));
      assertThat(held.getMessage(), startsWith("The database md:research is in use in this proc"));
      assertThat(held.getMessage(), containsString("(run first)"));
      try (Database open = Database.openReadOnly(NAME)) {
        assertThat(WriteLease.writer(open).orElse(""), containsString("(run first), since 20"));
      }
    }
    WriteLease.take(NAME, "run second", Duration.ZERO, s -> {}).close();
    try (Database open = Database.openReadOnly(NAME)) {
      assertThat(WriteLease.writer(open), is(Optional.empty()));
    }
  }

  private static void lockedBy(TestDatabase db, long pid, String host, Instant until) {
    db.run("DELETE FROM ops.job_locks");
    db.run(
        "INSERT INTO ops.job_locks VALUES ('backfill', '"
            + pid
            + " "
            + host
            + " x', TIMESTAMP '2024-01-01', TIMESTAMP '"
            + until.toString().replace("T", " ").replace("Z", "")
            + "', 'write', 'run other')");
  }

  @Test
  void whoIsSilentOrGoneLosesIt() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Instant later = Instant.now().plus(Duration.ofMinutes(4));
    try (TestDatabase db = new TestDatabase(NAME).prepared(BARS)) {
      lockedBy(db, 1, "another.host", later);
      DatabaseHeldException held =
          assertThrows(
              DatabaseHeldException.class,
              () -> WriteLease.take(NAME, "run me", Duration.ZERO, s -> {}));
      assertThat(
          held.getMessage(),
          startsWith(
              "The database md:research is held by another process (PID 1 on another.host (run"
                  + " other), since 2024-01-01T00:00:00Z)."));

      lockedBy(db, 1, "another.host", Instant.now().minusSeconds(1));
      WriteLease.take(NAME, "run me", Duration.ZERO, s -> {}).close();

      lockedBy(db, gone.pid(), Holder.thisHost(), later);
      WriteLease.take(NAME, "run me", Duration.ZERO, s -> {}).close();
      assertThat(db.ask("SELECT * FROM ops.job_locks"), empty());
    }
  }

  @Test
  void whoHasLostItCommitsNothingMore() {
    try (TestDatabase db = new TestDatabase(NAME).prepared(BARS);
        WriteLease lease = WriteLease.take(NAME, "run me", Duration.ZERO, s -> {})) {
      lease.begun();
      db.writer(BARS).write(List.of(FakeChunk.threeHours()), Long.MAX_VALUE, List.of());
      lockedBy(db, 1, "another.host", Instant.now().plus(Duration.ofMinutes(4)));
      DatabaseException lost =
          assertThrows(
              DatabaseException.class,
              () -> db.writer(BARS).write(List.of(other()), Long.MAX_VALUE, List.of()));
      assertThat(
          lost.getMessage(),
          startsWith("The right to write md:research has gone to another process"));
      assertThat(db.ask("SELECT count(*) FROM " + BARS), contains("3"));
      assertThat(
          "the other's stays",
          db.ask("SELECT locked_by FROM ops.job_locks"),
          contains("1 another.host x"));
    }
  }

  @Test
  void theEndIsPutOffByWhatIsWrittenAndFromTimeToTime() {
    try (TestDatabase db = new TestDatabase(NAME).prepared(BARS)) {
      RemoteLock lock =
          RemoteLock.take(
              Database.open(NAME),
              "run me",
              java.time.Clock.fixed(Instant.now(), java.time.ZoneOffset.UTC));
      String ends = "SELECT expires_at FROM ops.job_locks";
      List<String> first = db.ask(ends);
      db.run("UPDATE ops.job_locks SET expires_at = TIMESTAMP '2024-01-01'");
      lock.renew();
      assertThat(db.ask(ends), equalTo(first));
      lock.close();
      assertThat(db.ask(ends), empty());
    }
  }

  @Test
  void whatMustBeChangedThereIsForItsOwnerToChange() {
    try (TestDatabase db = new TestDatabase(NAME)) {
      db.run("CREATE SCHEMA raw");
      db.run(
          "CREATE TABLE raw.databento_futures_ohlcv_1h (symbol VARCHAR, ts_event TIMESTAMP, open"
              + " DECIMAL(10,2))");
      DatabaseException refused = assertThrows(DatabaseException.class, () -> db.prepared(BARS));
      assertThat(
          refused.getMessage(),
          startsWith("md:research has tables that must be changed before a load: raw.databento"));
      assertThat(
          refused.getMessage(),
          containsString(
              "Keep a copy there (CREATE DATABASE \"research_before\" FROM \"research\"), run:"
                  + " ALTER TABLE raw.databento_futures_ohlcv_1h ALTER COLUMN \"open\" TYPE"));
      assertThat(
          db.ask(
              "SELECT data_type FROM duckdb_columns() WHERE column_name = 'open' AND database_name"
                  + " = 'research'"),
          contains("DECIMAL(10,2)"));
    }
  }

  @Test
  void aLeaseThatIsLentIsTakenAgainByItsThreadAlone() throws Exception {
    String file = folder.resolve("my.duckdb").toString();
    try (WriteLease command = WriteLease.take(file, "run a, b", Duration.ZERO, s -> {}).lend()) {
      for (int i = 0; i < 2; i++) {
        try (WriteLease run = WriteLease.take(file, "run a", Duration.ZERO, s -> {})) {
          assertThat(run, sameInstance(command));
        }
      }
      List<Throwable> told = new ArrayList<>();
      Thread other =
          new Thread(
              () -> {
                try {
                  WriteLease.take(file, "run c", Duration.ZERO, s -> {}).close();
                } catch (DatabaseHeldException e) {
                  told.add(e);
                }
              });
      other.start();
      other.join();
      assertThat(told, hasSize(1));
      assertThat(
          Files.readString(WriteLease.sidecar(Path.of(file)), StandardCharsets.UTF_8),
          containsString("run a, b"));
    }
    WriteLease.take(file, "run c", Duration.ZERO, s -> {}).close();
  }
}
