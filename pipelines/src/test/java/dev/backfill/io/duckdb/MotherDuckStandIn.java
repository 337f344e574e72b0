package dev.backfill.io.duckdb;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Databases at MotherDuck, each a plain DuckDB file in a folder, which an instance in memory has
 * attached, as there. It takes one token.
 */
public final class MotherDuckStandIn implements AutoCloseable {
  /** The token that it takes. */
  public static final String TOKEN = "eyJhbGciOi.eyJlbWFpbCI6.c2VjcmV0LXRva2Vu";

  private final Path folder;
  private final MotherDuck.World before;

  /** Stands in until it is closed. */
  public MotherDuckStandIn(Path folder, String token) {
    this.folder = folder;
    before = MotherDuck.replace(new MotherDuck.World(this::open, name -> token));
  }

  /** The file that stands for a database. */
  public Path file(String name) {
    return folder.resolve(name + ".there.duckdb");
  }

  private Connection open(String url, Properties settings) throws SQLException {
    Properties local = new Properties();
    local.putAll(settings);
    Object token = local.remove(MotherDuck.TOKEN_SETTING);
    Connection connection = DriverManager.getConnection("jdbc:duckdb:", local);
    if (url.startsWith("jdbc:duckdb:md:")) {
      if (!TOKEN.equals(token)) {
        throw new SQLException("Your request is not authenticated: the token " + token);
      }
      String name = url.substring("jdbc:duckdb:md:".length(), url.indexOf('?'));
      Sql.execute(
          connection, "ATTACH " + Sql.text(file(name).toString()) + " AS " + Sql.name(name));
    }
    return connection;
  }

  @Override
  public void close() {
    MotherDuck.replace(before);
  }
}
