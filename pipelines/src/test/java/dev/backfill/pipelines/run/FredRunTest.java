package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.backfill.emulator.fred.FredObservation;
import dev.backfill.emulator.fred.FredWorld;
import dev.backfill.pipelines.JobFile;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FRED from end to end: every series of the catalogue, beside what the emulator says it served. */
class FredRunTest {
  @TempDir Path folder;

  @Test
  void everySeriesOfTheCatalogueIsLoadedExactlyAndASecondRunAsksOnlyWhetherItChanged()
      throws IOException, SQLException {
    try (Desk desk = Desk.in(folder)) {
      Job job = JobFile.read("fred");
      FredWorld world = desk.emulator.fred();
      assertThat(job.symbols(), is(world.ids()));
      assertThat(desk.said(), desk.run(job), is(0));
      System.err.println(desk.said());
      System.err.println(desk.printed());
      long rows = compare(desk, world);
      assertThat(desk.printed(), containsString(String.format("fred: 305 series, %,d observations written to raw.fred_economic", rows)));
      assertThat(desk.run(job), is(0));
      System.err.println(desk.said());
      System.err.println(desk.printed());
    }
  }

  private static long compare(Desk desk, FredWorld world) throws SQLException {
    long rows = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + desk.database());
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT series_id, epoch(date)::BIGINT // 86400, value, realtime_start IS NULL AND realtime_end IS NULL"
                    + " FROM raw.fred_economic ORDER BY series_id, date")) {
      for (String id : world.ids().stream().sorted().toList()) {
        for (FredObservation one : world.observations(id)) {
          if (one.hasValue()) {
            assertThat(found.next(), is(true));
            boolean same = found.getString(1).equals(id)
                && found.getLong(2) == one.date().toEpochDay()
                && found.getDouble(3) == Double.parseDouble(one.value()) && found.getBoolean(4);
            if (!same) {
              assertThat(found.getString(1) + " " + LocalDate.ofEpochDay(found.getLong(2)) + " " + found.getDouble(3), is(id + " " + one));
            }
            rows++;
          }
        }
      }
      assertThat(found.next(), is(false));
    }
    return rows;
  }
}
