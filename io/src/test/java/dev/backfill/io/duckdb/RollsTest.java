package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stretches of days with one contract: never overlapping, as long as they can be. */
class RollsTest {
  private static final Instant AT = Instant.parse("2025-12-16T01:00:00Z");
  private static final String TABLE =
      "SELECT requested_symbol, start_date, end_date, instrument_id, raw_symbol FROM"
          + " reference.databento_symbology ORDER BY ALL";

  @TempDir Path folder;
  private TestDatabase db;
  private Rolls rolls;

  @BeforeEach
  void open() {
    db = new TestDatabase(folder).prepared(TestDatabase.DAILY);
    rolls = new Rolls(db.database, "GLBX.MDP3", "continuous");
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static LocalDate day(int of) {
    return LocalDate.of(2024, 1, of);
  }

  private static RollRow row(String symbol, int from, int to, long id, @Nullable String contract) {
    return new RollRow(symbol, day(from), day(to), id, contract);
  }

  private long write(int from, int to, RollRow... rows) {
    return rolls.write(List.of("ZL.v.0"), day(from), day(to), List.of(rows), AT);
  }

  @Test
  void whatIsResolvedAgainTakesThePlaceOfWhatWasKnownOfThoseDays() {
    rolls.write(List.of("ZS.v.0"), day(1), day(9), List.of(row("ZS.v.0", 1, 9, 5, "ZSH4")), AT);
    assertThat(
        write(1, 20, row("ZL.v.0", 1, 10, 7, "ZLF4"), row("ZL.v.0", 10, 20, 8, "ZLH4")),
        equalTo(2L));
    // The same again, then some of the days: one now is another contract's, one is nobody's.
    write(1, 20, row("ZL.v.0", 1, 10, 7, "ZLF4"), row("ZL.v.0", 10, 20, 8, "ZLH4"));
    write(8, 13, row("ZL.v.0", 8, 9, 7, "ZLF4"), row("ZL.v.0", 9, 12, 8, "ZLH4"));
    assertThat(
        db.ask(TABLE),
        contains(
            "ZL.v.0|2024-01-01|2024-01-09|7|ZLF4",
            "ZL.v.0|2024-01-09|2024-01-12|8|ZLH4",
            "ZL.v.0|2024-01-13|2024-01-20|8|ZLH4",
            "ZS.v.0|2024-01-01|2024-01-09|5|ZSH4"));
    assertThat(
        rolls.read().get("ZL.v.0"),
        contains(
            row("ZL.v.0", 1, 9, 7, "ZLF4"),
            row("ZL.v.0", 9, 12, 8, "ZLH4"),
            row("ZL.v.0", 13, 20, 8, "ZLH4")));
    assertThat(new Rolls(db.database, "GLBX.MDP3", "raw_symbol").read(), is(Map.of()));
  }

  @Test
  void aSymbolThatResolvesNoMoreHasNoRows() {
    write(1, 20, row("ZL.v.0", 1, 20, 7, "ZLF4"));
    assertThat(write(1, 20), equalTo(0L));
    assertThat(db.ask(TABLE), is(List.of()));
  }

  @Test
  void daysOfOneContractGrowTogether() {
    write(1, 10, row("ZL.v.0", 1, 10, 7, "ZLF4"));
    write(10, 20, row("ZL.v.0", 10, 20, 7, "ZLF4"));
    assertThat(db.ask(TABLE), contains("ZL.v.0|2024-01-01|2024-01-20|7|ZLF4"));
  }
}
