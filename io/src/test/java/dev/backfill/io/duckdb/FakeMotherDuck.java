package dev.backfill.io.duckdb;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Databases at MotherDuck, each a plain DuckDB file that an instance in memory has attached: like
 * there, the database that one is connected to is not the one in which temporary tables are. It
 * notes what it is asked, and takes one token.
 */
final class FakeMotherDuck implements AutoCloseable {
  static final String TOKEN = "eyJhbGciOi.eyJlbWFpbCI6.c2VjcmV0LXRva2Vu";

  private final Path folder;
  private final MotherDuck.World before;
  final List<String> urls = new ArrayList<>();

  FakeMotherDuck(Path folder) {
    this.folder = folder;
    this.before =
        MotherDuck.replace(
            new MotherDuck.World(
                this::open, name -> name.equals(MotherDuck.TOKEN_VARIABLE) ? TOKEN : null));
  }

  /** The file that stands for a database. */
  Path file(String name) {
    return folder.resolve(name + ".there.duckdb");
  }

  private Connection open(String url, Properties settings) throws SQLException {
    urls.add(url);
    if (url.equals("jdbc:duckdb:")) {
      return DriverManager.getConnection(url, settings);
    }
    Properties local = new Properties();
    local.putAll(settings);
    if (!TOKEN.equals(local.remove(MotherDuck.TOKEN_SETTING))) {
      throw new SQLException("Your request is not authenticated. Please check your token");
    }
    String name = url.substring("jdbc:duckdb:md:".length(), url.indexOf('?'));
    Connection connection = DriverManager.getConnection("jdbc:duckdb:", local);
    Sql.execute(connection, "ATTACH " + Sql.text(file(name).toString()) + " AS " + Sql.name(name));
    return connection;
  }

  @Override
  public void close() {
    MotherDuck.replace(before);
  }
}
