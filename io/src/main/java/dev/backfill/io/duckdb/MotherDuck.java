package dev.backfill.io.duckdb;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database at MotherDuck: {@code md:NAME} wherever the path of a DuckDB file may stand. A {@link
 * Path} of that one name stands for it too; nobody may touch it as a file.
 *
 * <p>The token is read here, from the environment, each time a connection is made. It goes to the
 * driver as a property and is nowhere else: in no URL, option, message or file. Thread-safe.
 */
public final class MotherDuck {
  /** What names of such databases begin with. */
  public static final String PREFIX = "md:";

  /** The environment variable that holds the token. */
  public static final String TOKEN_VARIABLE = "MOTHERDUCK_TOKEN";

  /** A transaction there pays for the way there, so it takes this many times the rows. */
  public static final int MORE_ROWS_A_TRANSACTION = 4;

  static final String TOKEN_SETTING = "motherduck_token";

  private static final Logger LOG = LoggerFactory.getLogger(MotherDuck.class);
  private static final String EXTENSION = "motherduck";
  private static final String MASKED = "…";

  /** What is shorter is no token, and may be a word of any sentence. */
  private static final int SHORTEST = 8;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,127}");
  private static final Pattern VERSION = Pattern.compile("v?(\\d+)\\.(\\d+)\\.(\\d+)");
  private static final long OLDEST = number(1, 4, 1);
  private static final long NEWEST = number(1, 5, 6);

  /** No method references: of a method that asks who calls it they make a class at each start. */
  private static volatile World world =
      new World(
          (url, settings) -> DriverManager.getConnection(url, settings),
          name -> System.getenv(name));

  private MotherDuck() {}

  /** Makes a connection, as the driver does. */
  interface Door {
    Connection open(String url, Properties settings) throws SQLException;
  }

  /** What lies outside: the driver and the environment. A test has its own. */
  record World(Door door, UnaryOperator<@Nullable String> environment) {}

  /** Puts another world in the place of the one that is given back. */
  static World replace(World other) {
    World before = world;
    world = other;
    return before;
  }

  /** Whether this names such a database. */
  public static boolean isNamed(String database) {
    return database.startsWith(PREFIX);
  }

  /** Whether this names such a database. */
  public static boolean isNamed(Path database) {
    return isNamed(database.toString());
  }

  /**
   * Checks the name, and that there is a token, before anything is asked for.
   *
   * @return the path that stands for it
   * @throws DatabaseException in a sentence that does not show what stands after a name
   */
  public static Path check(String database) {
    checkName(database);
    token(database);
    return Path.of(database);
  }

  /** Checks the name alone, for whoever only writes it down; gives it back. */
  public static String checkName(String database) {
    String name = database.substring(PREFIX.length());
    if (name.contains("?")) {
      throw new DatabaseException(
          "A database at MotherDuck is named md:NAME, without settings after a question mark, which"
              + " would end in logs: the token belongs into the environment variable "
              + TOKEN_VARIABLE);
    }
    if (!NAME.matcher(name).matches()) {
      throw new DatabaseException(
          "A database at MotherDuck is named md:NAME, NAME of letters, digits, _ and - and not"
              + " beginning with a digit, like md:research; not "
              + database);
    }
    return database;
  }

  private static String token(String database) {
    String given = world.environment().apply(TOKEN_VARIABLE);
    String token = given == null ? "" : given.strip();
    if (token.isEmpty()) {
      // Without one the extension would wait for somebody at a browser.
      throw new DatabaseException(
          database
              + " needs a MotherDuck token: set the environment variable "
              + TOKEN_VARIABLE
              + " to one (MotherDuck, Settings, Access Tokens)");
    }
    if (token.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
      throw new DatabaseException(
          "The MotherDuck token in "
              + TOKEN_VARIABLE
              + " has white space or other characters in it that no token has: copy it again"
              + " (MotherDuck, Settings, Access Tokens)");
    }
    return token;
  }

  /** The same text without the token, should somebody have echoed it. */
  public static String scrub(String text) {
    String given = world.environment().apply(TOKEN_VARIABLE);
    String token = given == null ? "" : given.strip();
    return token.length() < SHORTEST ? text : text.replace(token, MASKED);
  }

  /**
   * Connects. The extension is fetched from DuckDB's repository when it is not on this machine, the
   * only one that ever is.
   *
   * @param settings of the connection, without the token
   * @throws DatabaseException in one sentence that says what to do
   */
  static Connection connect(Path database, Properties settings, DatabaseOptions options) {
    String token = token(database.toString());
    Properties all = new Properties();
    all.putAll(settings);
    all.setProperty(TOKEN_SETTING, token);
    // Rows for there are gathered here first, and there is no file beside which they could spill.
    options.moreMemory().ifPresent(more -> all.setProperty("memory_limit", more));
    all.putIfAbsent("temp_directory", spillFolder());
    // Alone, so that a person's other databases are neither attached nor changed.
    String url = "jdbc:duckdb:" + database + "?attach_mode=single";
    try {
      requireVersion();
      Connection connection = open(url, all);
      use(connection, database);
      return connection;
    } catch (SQLException e) {
      throw MotherDuckErrors.explain(database, e);
    }
  }

  private static String spillFolder() {
    String temporary = System.getProperty("java.io.tmpdir");
    return Path.of(temporary, "duckdb-" + ProcessHandle.current().pid()).toString();
  }

  /** Names without a database are those of this one, on each connection anew. */
  static void use(Connection connection, Path database) throws SQLException {
    Sql.execute(connection, "USE " + Sql.name(nameOf(database)));
  }

  private static Connection open(String url, Properties settings) throws SQLException {
    try {
      return world.door().open(url, settings);
    } catch (SQLException e) {
      if (!MotherDuckErrors.isNotInstalled(e)) {
        throw e;
      }
    }
    LOG.info("DuckDB's extension {} is not on this machine and is fetched", EXTENSION);
    run("INSTALL " + EXTENSION);
    return world.door().open(url, settings);
  }

  /** Runs a statement in a database of its own, in memory; gives its first cell. */
  private static String run(String sql) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("autoinstall_known_extensions", "false");
    try (Connection alone = world.door().open("jdbc:duckdb:", settings);
        Statement statement = alone.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet result = statement.getResultSet()) {
        return result.next() ? String.valueOf(result.getString(1)) : "";
      }
    }
  }

  private static void requireVersion() throws SQLException {
    String version = run("SELECT version()");
    Matcher parts = VERSION.matcher(version);
    long number =
        parts.matches()
            ? number(
                Long.parseLong(parts.group(1)),
                Long.parseLong(parts.group(2)),
                Long.parseLong(parts.group(3)))
            : -1;
    if (number < OLDEST || number > NEWEST) {
      throw MotherDuckErrors.version(version);
    }
  }

  private static long number(long major, long minor, long patch) {
    return (major * 1000 + minor) * 1000 + patch;
  }

  /** The name without {@code md:}. */
  static String nameOf(Path database) {
    return database.toString().substring(PREFIX.length());
  }

  /** What is said where a change would need a copy beside a file. */
  static DatabaseException mustBeChanged(
      Path database, Iterable<String> changes, Iterable<String> statements) {
    String name = nameOf(database);
    return new DatabaseException(
        String.format(
            Locale.ROOT,
            "%s has tables that must be changed before a load: %s. Nothing was changed, because a"
                + " database at MotherDuck cannot be changed in a copy that then takes its place."
                + " Keep a copy there (CREATE DATABASE %s FROM %s), run: %s; and run this again; or"
                + " give --db another name",
            database,
            String.join("; ", changes),
            Sql.name(name + "_before"),
            Sql.name(name),
            String.join("; ", statements)));
  }
}
