package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  @TempDir Path folder;

  private String open(Path path) {
    return assertThrows(DatabaseException.class, () -> Database.open(path.toString())).getMessage();
  }

  @Test
  void openingTwiceSharesOneInstanceUntilTheLastIsClosed() throws IOException, SQLException {
    Path file = folder.resolve("a.duckdb");
    Path link = folder.resolve("link.duckdb");
    Database first = Database.open(file.toString());
    Files.createSymbolicLink(link, file);
    Database second = Database.open(link.toString());
    Database third = Database.openReadOnly(file.toString());
    assertThat(second, sameInstance(first));
    assertThat(third, sameInstance(first));
    first.close();
    second.close();
    try (Connection still = third.connect()) {
      assertThat(still.isClosed(), is(false));
    }
    third.close();
    Database.openReadOnly(file.toString()).close();
  }

  @Test
  void theSettingsReachEveryConnection() {
    try (TestDatabase db = new TestDatabase(folder)) {
      assertThat(
          db.ask(
              "SELECT current_setting('TimeZone'),"
                  + " current_setting('memory_limit') IN (SELECT format_bytes(32000000"
                  + " * greatest(2, current_setting('threads')))),"
                  + " current_setting('autoinstall_known_extensions')"),
          contains("UTC|true|false"));
      assertThat(
          db.ask("SELECT tags->>'storage_version' FROM duckdb_databases() WHERE NOT internal")
              .toString(),
          containsString("v1.5.0"));
    }
  }

  @Test
  void anotherProcessIsNamed() throws IOException, InterruptedException {
    Path file = folder.resolve("held.duckdb");
    Process other = Child.start("hold", file.toString());
    try {
      DatabaseHeldException writing =
          assertThrows(DatabaseHeldException.class, () -> Database.open(file.toString()));
      assertThat(writing.holderPid(), is(OptionalLong.of(other.pid())));
      assertThat(writing.getMessage(), containsString("PID " + other.pid()));
      assertThat(writing.getMessage(), containsString("wait for that one with --wait"));
      DatabaseHeldException reading =
          assertThrows(DatabaseHeldException.class, () -> Database.openReadOnly(file.toString()));
      assertThat(reading.holderPid(), is(OptionalLong.of(other.pid())));
    } finally {
      other.getOutputStream().close();
      other.waitFor();
    }
    Database.open(file.toString()).close();
    assertThat(Files.readString(DatabaseLock.sidecar(file)), is(""));
  }

  @Test
  void onlyWhoReadsIsWaitedForBeforeAnythingIsSpent() throws IOException, InterruptedException {
    Path file = folder.resolve("a.duckdb");
    Database.open(file.toString()).close();
    for (boolean reads : new boolean[] {true, false}) {
      Process other = Child.start(reads ? "read" : "write", file.toString());
      List<String> said = new ArrayList<>();
      try (WriteLease lease =
          WriteLease.take(
              file.toString(),
              "run",
              Duration.ZERO,
              waits -> {
                said.add(waits);
                other.destroy();
              })) {
        DatabaseHeldException held =
            assertThrows(DatabaseHeldException.class, () -> Database.open(file.toString()));
        assertThat(held.isReader(), is(reads));
        assertThat(
            held.getMessage(),
            containsString(
                (reads ? "is being read by" : "is held by")
                    + " another process (PID "
                    + other.pid()));
        lease.awaitReaders();
        if (reads) {
          Database.open(file.toString()).close();
          assertThat(said, contains(containsString("Waiting for PID " + other.pid())));
        } else {
          assertThrows(DatabaseHeldException.class, () -> Database.open(file.toString()));
          assertThat(said, is(List.of()));
        }
      } finally {
        other.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void anotherClassLoaderOfThisProcessIsRefusedAndTheLockHolds() throws Exception {
    Path file = folder.resolve("a.duckdb");
    List<URL> urls = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
      urls.add(Path.of(part).toUri().toURL());
    }
    try (Database mine = Database.open(file.toString());
        URLClassLoader other =
            new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      var acquire =
          other.loadClass(DatabaseLock.class.getName()).getDeclaredMethod("acquire", Path.class);
      acquire.setAccessible(true);
      Throwable refused =
          assertThrows(
                  java.lang.reflect.InvocationTargetException.class,
                  () -> acquire.invoke(null, mine.path()))
              .getCause();
      assertThat(refused.getClass().getName(), is(DatabaseHeldException.class.getName()));
      assertThat(refused.getMessage(), containsString("in use in this process already"));
      // The refused attempt must not have let go of the lock that this process has.
      IllegalStateException second =
          assertThrows(IllegalStateException.class, () -> Child.start("hold", file.toString()));
      assertThat(second.getMessage(), containsString("DatabaseHeldException"));
    }
  }

  @Test
  void whatIsNoDatabaseIsSaidSo() throws IOException {
    Path text = folder.resolve("notes.txt");
    Files.writeString(
        text, "not a database, but long enough to look for a header in it".repeat(99));
    assertThat(open(text), containsString("is not a DuckDB database"));
    assertThat(Files.readString(text).length(), is(58 * 99));
    assertThat(open(folder), containsString("is a folder"));
    assertThat(open(folder.resolve("no/where.duckdb")), containsString("There is no folder"));
    assertThat(
        assertThrows(
                DatabaseException.class,
                () -> Database.openReadOnly(folder.resolve("none.duckdb").toString()))
            .getMessage(),
        containsString("There is no database"));
  }

  @Test
  void aNewerFormatIsSaidSo() throws IOException {
    Path file = folder.resolve("new.duckdb");
    Database.open(file.toString()).close();
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(12, 99);
    long checksum = 5381;
    for (int at = 8; at < 4096; at += 8) {
      checksum ^= header.getLong(at) * 0xbf58476d1ce4e5b9L;
    }
    header.putLong(0, checksum);
    Files.write(file, bytes);
    assertThat(open(file), containsString("has storage version 99"));
  }

  @Test
  void aFileThatCannotBeWrittenIsSaidSo() throws IOException {
    Path file = folder.resolve("ro.duckdb");
    Database.open(file.toString()).close();
    assumeTrue(file.toFile().setReadOnly(), "this file system has no read-only files");
    if (Files.isWritable(file)) {
      String why = "This user may write read-only files: the check of it is skipped";
      System.err.println(why);
      assumeTrue(false, why);
    }
    assertThat(open(file), containsString("cannot be written"));
  }

  @Test
  void refusalsOfTheEngineAreExplained() {
    Path file = folder.resolve("x.duckdb");
    assertThat(
        OpenErrors.explain(file, new SQLException("IO Error: Cannot open file: Permission denied"))
            .getMessage(),
        containsString("cannot be written"));
    DatabaseException held =
        OpenErrors.explain(
            file,
            new SQLException(
                "IO Error: Could not set lock on file \"x\": Conflicting lock is held in"
                    + " /usr/bin/java (PID 4711). See also"));
    assertThat(((DatabaseHeldException) held).holderPid(), is(OptionalLong.of(4711)));
  }

  @Test
  void optionsAreCheckedWhereTheyAreSet() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> DatabaseOptions.DEFAULT.withStorageVersion("newest"));
    assertThat(e.getMessage(), containsString("storage version newest is not understood"));
  }
}
