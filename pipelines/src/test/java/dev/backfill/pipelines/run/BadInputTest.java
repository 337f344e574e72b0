package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.Fault;
import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused, and that nothing is left behind. */
class BadInputTest {
  @TempDir Path folder;

  private static Job job(String from) {
    return Desk.job(BarSize.DAY, List.of("ZL.v.0"), from, "2010-08-01", 1, 100);
  }

  @Test
  void aWrongKeyIsNamedWithoutBeingShown() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Path key = folder.resolve("wrong.txt");
      Files.writeString(key, "db-WrongWrongWrongWrongWrongWron");
      ApiOptions api = ApiOptions.of(desk.emulator.url(), ApiKeySource.file(key.toString()));
      assertThat(desk.run(desk.options(job("2010-07-01"), api)), equalTo(2));
      assertThat(desk.said(), containsString("401"));
      assertThat(desk.said(), containsString("DATABENTO_API_KEY"));
      assertThat(desk.said(), not(containsString("WrongWrong")));
      assertThat(Files.exists(desk.database()), is(false));
    }
  }

  @Test
  void aMissingKeyFileIsNamed() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      ApiOptions api =
          ApiOptions.of(desk.emulator.url(), ApiKeySource.file(folder.resolve("none").toString()));
      assertThat(desk.run(desk.options(job("2010-07-01"), api)), equalTo(2));
      assertThat(desk.said(), containsString("none"));
    }
  }

  @Test
  void aStartBeforeTheDatasetIsClampedAndSaid() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(job("2000-01-01")), equalTo(0));
      assertThat(
          desk.said(),
          containsString("from 2000-01-01 was asked; GLBX.MDP3 ohlcv-1d begins on 2010-06-06"));
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsLeftAsItIs() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Files.writeString(desk.database(), "dear diary");
      assertThat(desk.run(job("2010-07-01")), equalTo(2));
      assertThat(desk.said(), containsString(desk.database().toString()));
      assertThat(Files.readString(desk.database()), equalTo("dear diary"));
    }
  }

  @Test
  void aCapBelowThePriceRefusesBeforeAnythingIsSpent() throws IOException {
    try (Desk desk = Desk.in(folder, EmulatorConfig.builder().unitPrice("ohlcv-1d", 1e6))) {
      RunOptions free = desk.options(job("2010-07-01"));
      RunOptions capped = free.withSpend(SpendLimits.USUAL.withMaxCostUsd(new BigDecimal("0.5")));
      assertThat(desk.run(capped), equalTo(5));
      assertThat(
          desk.said(), containsString("above --max-cost-usd 0.5. This run has spent nothing"));
      assertThat(desk.billedRequests(), equalTo(0L));
      assertThat(Files.exists(desk.database()), is(false));
    }
  }

  @Test
  void aPlanSpendsNothingAndMakesNoFile() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.said(), desk.plan(desk.options(job("2010-07-01")), true), equalTo(0));
      assertThat(desk.printed(), containsString("\"records\" : "));
      assertThat(desk.printed(), containsString("\"cost_usd\" : "));
      assertThat(desk.plan(desk.options(job("2010-07-01")), false), equalTo(0));
      assertThat(desk.printed(), containsString("to fetch  "));
      assertThat(desk.billedRequests(), equalTo(0L));
      assertThat(Files.exists(desk.database()), is(false));
      assertThat(Files.exists(desk.landing()), is(false));
    }
  }

  @Test
  void aSecondSeriesForTheSameSymbolIsRefusedByName() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(job("2010-07-01")), equalTo(0));
      Job raw =
          new Job(
              "other",
              "databento",
              "GLBX.MDP3",
              "ohlcv-1d",
              "raw_symbol",
              List.of("ZL"),
              job("2010-07-01").from(),
              job("2010-07-01").to(),
              "raw.databento_futures_ohlcv_1d",
              Job.ChunkLimits.LARGE,
              List.of(),
              false);
      assertThat(desk.run(raw), equalTo(2));
      assertThat(desk.said(), containsString("ZL.v.0"));
    }
  }

  @Test
  void aDatasetWithoutRightsIsSaidAndEndsWithFive() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.status(403).on("timeseries.get_range"));
      assertThat(desk.run(job("2010-07-01")), equalTo(5));
      assertThat(desk.printed(), containsString("not in this key's subscription"));
    }
  }
}
