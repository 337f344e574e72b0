package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way to MotherDuck as far as it can be gone without it: to the driver's door. */
class MotherDuckTest {
  private static final String TOKEN = FakeMotherDuck.TOKEN;

  @TempDir Path folder;
  private MotherDuck.@Nullable World before;

  @AfterEach
  void restore() {
    if (before != null) {
      MotherDuck.replace(before);
    }
  }

  private void world(@Nullable String token, MotherDuck.Door door) {
    MotherDuck.World old = MotherDuck.replace(new MotherDuck.World(door, name -> token));
    before = before == null ? old : before;
  }

  /** In memory all works; on the way there it fails so. */
  private void failing(String text) {
    world(
        TOKEN,
        (url, settings) -> {
          if (url.contains("md:")) {
            throw new SQLException(text);
          }
          return DriverManager.getConnection(url, settings);
        });
  }

  private static DatabaseException refused() {
    return assertThrows(DatabaseException.class, () -> Database.openReadOnly("md:research"));
  }

  private static String everything(Throwable e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace, true));
    return trace.toString();
  }

  @Test
  void theTokenIsAPropertyAndTheNameIsInTheUrl() {
    List<String> asked = new ArrayList<>();
    world(
        " " + TOKEN + "\n",
        (url, settings) -> {
          if (url.equals("jdbc:duckdb:")) {
            return DriverManager.getConnection(url, settings);
          }
          asked.add(url);
          Properties seen = settings;
          asked.add(seen.getProperty("motherduck_token"));
          asked.add(seen.getProperty("autoinstall_known_extensions"));
          asked.add(String.valueOf(seen.getProperty("duckdb.read_only")));
          throw new SQLException("enough");
        });
    assertThat(refused().getMessage(), is("Cannot reach md:research: enough"));
    assertThat(
        asked, contains("jdbc:duckdb:md:research?attach_mode=single", TOKEN, "false", "null"));
  }

  @Test
  void withoutATokenNothingIsAskedFor() {
    MotherDuck.Door closed =
        (url, settings) -> {
          throw new IllegalStateException("asked for " + url);
        };
    world(null, closed);
    assertThat(
        refused().getMessage(),
        is(
            "md:research needs a MotherDuck token: set the environment variable MOTHERDUCK_TOKEN to"
                + " one (MotherDuck, Settings, Access Tokens)"));
    world(" \n", closed);
    assertThat(refused().getMessage(), containsString("needs a MotherDuck token"));
    world("eyJ one.two", closed);
    assertThat(refused().getMessage(), startsWith("The MotherDuck token in MOTHERDUCK_TOKEN has"));
    assertThat(everything(refused()), not(containsString("eyJ one")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "md:             | NAME of letters",
        "md:1st          | NAME of letters",
        "md:a b          | NAME of letters",
        "md:../up        | NAME of letters",
        "md:a;DROP       | NAME of letters",
        "md:a?x=secret   | without settings after a question mark",
      })
  void aNameThatCannotBeIsRefused(String name, String why) {
    world(TOKEN, (url, settings) -> DriverManager.getConnection("jdbc:duckdb:", settings));
    DatabaseException e = assertThrows(DatabaseException.class, () -> MotherDuck.check(name));
    assertThat(e.getMessage(), containsString(why));
    assertThat(e.getMessage(), not(containsString("secret")));
  }

  /** The first three texts are DuckDB 1.5.5's own; the others are what users reported. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Invalid Input Error: Initialization function \"motherduck_duckdb_cpp_init\" from file \"m\""
            + " threw an exception: \"Failed to download \"http://api.motherduck.com/x\" (attempt"
            + " 5): Could not establish connection\" | there is no way to MotherDuck from here",
        "IO Error: Failed to download extension \"motherduck\" at URL \"http://extensions\" (ERROR"
            + " Could not establish connection) | is not on this machine and could not be fetched",
        "Your DuckDB version (v9.9.9) is not yet supported by MotherDuck. The latest supported"
            + " version is v1.5.6 | MotherDuck does not take this program's DuckDB",
        "Request failed: Your request is not authenticated. Please check your MotherDuck token. (Jwt"
            + " is not in the form of TOKEN) | does not accept the token in MOTHERDUCK_TOKEN",
        "Invalid Error: the token TOKEN is expired | does not accept the token",
        "Catalog Error: no database/share named research found | there is no such database",
        "IO Error: The file was built specifically for DuckDB version 'v1.5.6': extension | cannot"
            + " be loaded",
        "Something of TOKEN else | Something of … else",
      })
  void whatGoesWrongIsSaidInASentenceWithoutTheToken(String text, String sentence) {
    failing(text.replace("TOKEN", TOKEN));
    DatabaseException e = refused();
    assertThat(e.getMessage(), startsWith("Cannot reach md:research: "));
    assertThat(e.getMessage(), containsString(sentence));
    assertThat(everything(e), not(containsString(TOKEN)));
  }

  @Test
  void theExtensionIsFetchedOnceWhenItIsNotThere() {
    List<String> asked = new ArrayList<>();
    world(
        TOKEN,
        (url, settings) -> {
          asked.add(url);
          if (url.contains("md:")) {
            throw new SQLException(
                "IO Error: Extension \"motherduck.duckdb_extension\" not found.\n\nInstall it first"
                    + " using \"INSTALL md\".");
          }
          // A repository that nobody answers for, as offline.
          Connection alone = DriverManager.getConnection(url, settings);
          try (Statement statement = alone.createStatement()) {
            statement.execute("SET extension_directory = '" + folder + "'");
            statement.execute("SET custom_extension_repository = 'http://127.0.0.1:1'");
          }
          return alone;
        });
    assertThat(
        refused().getMessage(), containsString("is not on this machine and could not be fetched"));
    assertThat(
        asked,
        contains("jdbc:duckdb:", "jdbc:duckdb:md:research?attach_mode=single", "jdbc:duckdb:"));
  }

  @ParameterizedTest
  @CsvSource({"v1.4.0, false", "v1.4.1, true", "v1.5.6, true", "v1.5.7, false", "v2.0.0, false"})
  void onlyVersionsThatMotherDuckTakesGoThere(String version, boolean isTaken) {
    world(
        TOKEN,
        (url, settings) -> {
          if (url.contains("md:")) {
            throw new SQLException("enough");
          }
          Connection alone = DriverManager.getConnection(url, settings);
          try (Statement statement = alone.createStatement()) {
            statement.execute("CREATE MACRO version() AS '" + version + "'");
          }
          return alone;
        });
    assertThat(
        refused().getMessage(),
        is(
            isTaken
                ? "Cannot reach md:research: enough"
                : "MotherDuck takes DuckDB 1.4.1 to 1.5.6, and this program runs with "
                    + version
                    + ": build it with the DuckDB that is pinned in pom.xml, or give --db a file"));
  }

  @Test
  void thePinnedDuckDbIsOneOfThem() throws SQLException {
    try (FakeMotherDuck there = new FakeMotherDuck(folder)) {
      Database.open("md:research").close();
      assertThat(
          there.urls, contains("jdbc:duckdb:", "jdbc:duckdb:md:research?attach_mode=single"));
    }
  }

  @Test
  void aPathIsNone() {
    assertThat(MotherDuck.isNamed("my.duckdb"), is(false));
    assertThat(Database.absolute(Path.of("md:a")), equalTo(Path.of("md:a")));
    assertThat(Database.isThere(folder.resolve("none")), is(false));
    assertThat(Database.isThere(Path.of("md:a")), is(true));
  }
}
