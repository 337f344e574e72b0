package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.backfill.emulator.fred.FredInfo;
import dev.backfill.emulator.fred.FredObservation;
import dev.backfill.emulator.fred.FredWorld;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Compares tables of FRED, row by row, with what the emulator served. */
final class FredTruth {
  private FredTruth() {}

  /**
   * The observations of some series, which are all that there is.
   *
   * @return how many they are
   */
  static long compare(Path database, FredWorld world, Collection<String> ids) {
    long[] rows = {0};
    query(
        database,
        "SELECT series_id, CAST(epoch(date) AS BIGINT) // 86400, value,"
            + " source = 'fred' AND realtime_start IS NULL AND realtime_end IS NULL"
            + " FROM raw.fred_economic ORDER BY series_id, date",
        found -> {
          for (String id : ids.stream().sorted().toList()) {
            for (FredObservation one : world.observations(id)) {
              if (one.hasValue()) {
                requireNext(found, id, one);
                boolean isSame =
                    found.getString(1).equals(id)
                        && found.getLong(2) == one.date().toEpochDay()
                        && found.getDouble(3) == Double.parseDouble(one.value())
                        && found.getBoolean(4);
                if (!isSame) {
                  assertThat(
                      found.getString(1) + " " + found.getLong(2) + " " + found.getDouble(3),
                      is(id + " " + one.date().toEpochDay() + " " + one.value()));
                }
                rows[0]++;
              }
            }
          }
          assertThat("more than the truth", found.next(), is(false));
        });
    return rows[0];
  }

  /** The vintages of some series, which are all that there is. */
  static long compareVintages(Path database, FredWorld world, Collection<String> ids) {
    List<String> expected = new ArrayList<>();
    for (String id : ids.stream().sorted().toList()) {
      for (FredObservation one : world.vintages(id)) {
        if (one.hasValue()) {
          expected.add(
              id
                  + " "
                  + one.date()
                  + " "
                  + one.realtimeStart()
                  + " "
                  + one.realtimeEnd()
                  + " "
                  + Double.parseDouble(one.value()));
        }
      }
    }
    List<String> rows = new ArrayList<>();
    query(
        database,
        "SELECT concat_ws(' ', series_id, date, realtime_start, realtime_end, value)"
            + " FROM raw.fred_vintages ORDER BY series_id, date, realtime_start",
        found -> {
          while (found.next()) {
            rows.add(found.getString(1));
          }
        });
    for (int i = 0; i < Math.min(rows.size(), expected.size()); i++) {
      if (!rows.get(i).equals(expected.get(i))) {
        assertThat(rows.get(i), is(expected.get(i)));
      }
    }
    assertThat(rows.size(), is(expected.size()));
    return rows.size();
  }

  /** What is said of every series, which are all that there is. */
  static void compareMetadata(Path database, FredWorld world, Collection<String> ids) {
    List<String> expected = new ArrayList<>();
    for (String id : ids.stream().sorted().toList()) {
      FredInfo info = world.info(id);
      expected.add(
          String.join(
              "|",
              id,
              info.entry().title(),
              info.entry().frequency(),
              info.entry().units(),
              info.first().toString(),
              info.last().toString(),
              String.valueOf(info.lastUpdated().getEpochSecond()),
              info.entry().group()));
    }
    assertThat(
        String.join(
            "\n",
            rows(
                database,
                "SELECT series_id, title, frequency, units, observation_start, observation_end,"
                    + " CAST(epoch(last_updated) AS BIGINT), series_group"
                    + " FROM raw.fred_series_metadata ORDER BY series_id")),
        is(String.join("\n", expected)));
  }

  /** Source, status and dates of the runs in ops.ingestion_completion, the first run first. */
  static List<String> completions(Path database) {
    return rows(
        database,
        "SELECT source, status, start_date, end_date FROM ops.ingestion_completion"
            + " ORDER BY started_at");
  }

  /** What {@link #completions} says of a run that loaded some series. */
  static String completion(FredWorld world, String status, Collection<String> ids) {
    List<LocalDate> dates =
        ids.stream()
            .flatMap(id -> world.observations(id).stream())
            .filter(FredObservation::hasValue)
            .map(FredObservation::date)
            .sorted()
            .toList();
    return String.join(
        "|", "fred", status, dates.get(0).toString(), dates.get(dates.size() - 1).toString());
  }

  private static void requireNext(ResultSet found, String id, FredObservation one)
      throws SQLException {
    if (!found.next()) {
      throw new AssertionError("The table ends before " + id + " " + one);
    }
  }

  /** Looks at an answer. */
  interface Look {
    void at(ResultSet found) throws SQLException;
  }

  static void query(Path database, String sql, Look look) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + database);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      look.at(found);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each row as text, its values joined by bars. */
  static List<String> rows(Path database, String sql) {
    List<String> rows = new ArrayList<>();
    query(
        database,
        sql,
        found -> {
          while (found.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
              values.add(String.valueOf(found.getString(i)));
            }
            rows.add(String.join("|", values));
          }
        });
    return rows;
  }
}
