package dev.backfill.transforms;

import static dev.backfill.transforms.TestTarget.FUTURES;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which contracts under a parent are outright, in the names of each exchange. */
class OutrightsTest {
  private static final String ROWS =
      "SELECT contract_symbol, contract_month FROM " + FUTURES + " ORDER BY ALL";

  @TempDir Path folder;

  private static Answer day(String parent) {
    return new Answer("ohlcv-1d", "parent", "2024-01-02", "2024-01-03", parent);
  }

  private static Answer named(String parent, String... contracts) {
    Answer answer = day(parent);
    for (int i = 0; i < contracts.length; i++) {
      answer.maps(contracts[i], i + 1).bar(i + 1, "2024-01-02", 1_000_000_000L);
    }
    return answer;
  }

  @Test
  void contractsAreToldFromSpreads() {
    try (TestTarget db = new TestTarget(folder)) {
      NormalizedRows cme = named("ZL.FUT", "ZLH4", "ZLH25", "ZLH4-ZLK4", "ZLEH4").rows();
      NormalizedRows ice =
          named(
                  "KC.FUT",
                  "KC  FMH0024!",
                  "KC  FMH0024-KC  FMK0024",
                  "KC  FMH0024_T",
                  "KCH  FMH0024!")
              .dataset("IFUS.IMPACT")
              .rows();
      NormalizedRows cboe = named("VX.FUT", "VX/F4", "VX/F4-VX/G4").dataset("XCBF.PITCH").rows();
      db.load(FUTURES, cme);
      db.load(FUTURES, ice);
      db.load(FUTURES, cboe);
      assertThat(
          db.ask(ROWS),
          contains(
              "KC  FMH0024!|2024-03-01",
              "VX/F4|2024-01-01",
              "ZLH25|2025-03-01",
              "ZLH4|2024-03-01"));
      assertThat(cme.leftOut(), equalTo(2L));
      assertThat(ice.leftOut(), equalTo(3L));
      assertThat(cboe.leftOut(), equalTo(1L));
    }
  }
}
