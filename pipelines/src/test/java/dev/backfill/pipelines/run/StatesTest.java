package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.http.Fault;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States that differ stay different, in the ledger and in what status says of it. */
class StatesTest {
  private static final String GET_RANGE = "timeseries.get_range";

  @TempDir Path folder;

  private static Job job(BarSize size, String symbol, String from, String to) {
    return Desk.job(size, List.of(symbol), from, to, 1, 400);
  }

  private static List<String> states(JsonNode status) {
    List<String> states = new ArrayList<>();
    status
        .get("states")
        .forEach(
            s ->
                states.add(
                    s.get("table").asText().replaceAll(".*_", "")
                        + " "
                        + s.get("state").asText()
                        + " "
                        + s.path("rows").asText("-")));
    return states;
  }

  @Test
  void statusShowsEachStateApart() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      // A Saturday has no bar; a retired root never resolves; 6J cannot be had just now.
      assertThat(desk.run(job(BarSize.DAY, "ZL.v.0", "2024-01-01", "2024-03-01")), equalTo(0));
      assertThat(desk.run(job(BarSize.HOUR, "ZL.v.0", "2024-01-06", "2024-01-07")), equalTo(0));
      assertThat(desk.run(job(BarSize.DAY, "QQQQ.v.0", "2024-01-01", "2024-03-01")), equalTo(0));
      desk.emulator.faults().add(Fault.status(503).on(GET_RANGE).forSymbol("6J.v.0").times(1_000));
      Job failing = job(BarSize.DAY, "6J.v.0", "2024-01-01", "2024-03-01");
      assertThat(desk.run(failing), equalTo(3));

      assertThat(desk.status(true), equalTo(0));
      JsonNode status = new ObjectMapper().readTree(desk.printed());
      long rows =
          Long.parseLong(
              TableRows.query(desk.database(), "SELECT count(*) FROM " + BarSize.DAY.futuresTable())
                  .get(0));
      assertThat(
          states(status),
          hasItems(
              "1d loaded " + rows,
              "1d unresolved 0",
              "1d not_yet_complete -",
              "1h empty 0",
              "1h not_yet_complete -"));
      assertThat(status.at("/all_tables/loaded/rows").asLong(), equalTo(rows));
      assertThat(status.at("/all_tables/failed/symbols").asLong(), equalTo(1L));
      JsonNode failed = status.at("/failed/0");
      assertThat(failed.get("symbols").asText(), equalTo("6J.v.0"));
      assertThat(failed.get("http_status").asInt(), equalTo(503));
      assertThat(failed.get("attempts").asInt(), equalTo(5));
      assertThat(failed.get("table").asText(), equalTo(BarSize.DAY.futuresTable()));
      assertThat(failed.get("reason").asText().isEmpty(), equalTo(false));

      assertThat(desk.status(false), equalTo(0));
      assertThat(
          desk.printed(), containsString("failed: GLBX.MDP3 ohlcv-1d 6J.v.0 2024-01-01 to "));
      assertThat(desk.printed(), containsString("[HTTP 503], 5 attempts, run "));
      assertThat(desk.printed(), containsString("not yet complete"));
      assertThat(desk.printed(), containsString("backfill rerun --db " + desk.database()));

      // What failed is asked again and then is no failure; the retired root is not asked again.
      desk.emulator.faults().clear();
      assertThat(desk.said(), desk.run(failing), equalTo(0));
      long asked = desk.billedRequests();
      assertThat(desk.run(job(BarSize.DAY, "QQQQ.v.0", "2024-01-01", "2024-03-01")), equalTo(0));
      assertThat(desk.run(job(BarSize.HOUR, "ZL.v.0", "2024-01-06", "2024-01-07")), equalTo(0));
      assertThat(desk.billedRequests(), equalTo(asked));
      desk.status(false);
      // The run that failed is among the last runs; no range is failed any more.
      assertThat(desk.printed(), not(containsString("failed: ")));
      assertThat(desk.printed(), not(containsString("rerun")));
      desk.status(true);
      assertThat(new ObjectMapper().readTree(desk.printed()).get("failed").size(), equalTo(0));
    }
  }
}
