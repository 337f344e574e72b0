package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.http.Fault;
import dev.backfill.io.databento.Dollars;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.RunnerOptions;
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

/** No dollar is spent unseen, and none above a cap. */
class SpendingCapsTest {
  // A cent a bar.
  private static final double DOLLARS_A_GIB = 0.01 / 56 * (1L << 30);

  @TempDir Path folder;

  private Desk desk() {
    return Desk.in(folder, EmulatorConfig.builder().unitPrice("ohlcv-1d", DOLLARS_A_GIB));
  }

  private static Job job(String from, String to, String... symbols) {
    return Desk.job(BarSize.DAY, List.of(symbols), from, to, 1, 400);
  }

  private static JsonNode printed(Desk desk) throws IOException {
    return new ObjectMapper().readTree(desk.printed());
  }

  private static double price(Desk desk, Job job) throws IOException {
    assertThat(desk.plan(desk.options(job), true), equalTo(0));
    return printed(desk).path("cost_usd").asDouble();
  }

  @Test
  void withoutACapARunMaySpendTenDollars() throws IOException {
    try (Desk desk = desk()) {
      Job dear = job("2018-01-01", "2022-07-01", "ZL.v.0");
      double price = price(desk, dear);
      assertThat(price, greaterThan(10.0));
      assertThat(desk.run(dear), equalTo(5));
      String enough = SpendingCaps.enough(price);
      assertThat(desk.said(), containsString(String.format("The plan costs $%.2f", price)));
      assertThat(desk.said(), containsString("above the $10.00 that a run may spend"));
      assertThat(desk.said(), containsString("Give --max-cost-usd " + enough));
      assertThat(desk.emulator.ledger().billedBytes(), is(0L));
      assertThat(Files.exists(desk.database()), is(false));
      assertThat(desk.plan(desk.options(dear), false), equalTo(0));
      String refused =
          String.format(
              "The plan costs $%.2f, above the $10.00 that a run may spend unless it is told"
                  + " otherwise. Give --max-cost-usd %s if that is right, or narrow --from, --to or"
                  + " --symbols",
              price, enough);
      assertThat(
          desk.printed(), containsString("  cap       a run would be refused. " + refused + "\n"));
      desk.plan(desk.options(dear), true);
      assertThat(printed(desk).path("refusal").asText(), equalTo(refused));
      desk.plan(
          desk.options(dear).withSpend(SpendLimits.USUAL.withMaxCostUsd(new BigDecimal(enough))),
          true);
      assertThat(printed(desk).path("refusal").isNull(), is(true));

      int code =
          desk.run(
              desk.options(dear)
                  .withSpend(SpendLimits.USUAL.withMaxCostUsd(new BigDecimal(enough))));
      assertThat(desk.said(), code, equalTo(0));
    }
  }

  @Test
  void whatCostsLessThanACentIsNotSaidToCostNothing() throws IOException {
    // A ten-thousandth of a cent a bar, of which there are 22.
    try (Desk desk =
        Desk.in(folder, EmulatorConfig.builder().unitPrice("ohlcv-1d", DOLLARS_A_GIB / 10_000))) {
      Job cheap = job("2024-01-01", "2024-02-01", "ZL.v.0");
      double price = price(desk, cheap);
      assertThat(price, closeTo(0.00003, 0.00001));
      BigDecimal cap = new BigDecimal("0.00001");
      String costs = "The plan costs " + Dollars.text(price);
      assertThat(
          desk.run(desk.options(cheap).withSpend(SpendLimits.USUAL.withMaxCostUsd(cap))),
          equalTo(5));
      assertThat(desk.said(), containsString(costs + ", above --max-cost-usd 0.00001"));
      SpendLimits month = SpendLimits.USUAL.withMonth(SpendLimits.Month.of(cap));
      assertThat(desk.run(desk.options(cheap).withSpend(month)), equalTo(5));
      assertThat(
          desk.said(), containsString(costs + ", and $0.00 of the monthly cap of $0.000010"));
    }
  }

  @Test
  void bytesAreCappedWhereDollarsAreNot() throws IOException {
    KeyRights flat = KeyRights.of("GLBX.MDP3").withFlatRate("GLBX.MDP3");
    try (Desk desk =
        Desk.in(folder, EmulatorConfig.builder().key(EmulatorConfig.DEFAULT_KEY, flat))) {
      Job job = job("2024-01-01", "2024-03-01", "ZL.v.0");
      assertThat(price(desk, job), is(0.0));
      long bytes = printed(desk).path("billable_bytes").asLong();
      assertThat(bytes, greaterThan(2_000L));
      assertThat(
          desk.run(desk.options(job).withSpend(SpendLimits.USUAL.withMaxBytes(bytes - 1))),
          equalTo(5));
      assertThat(desk.said(), containsString("billable bytes, above --max-bytes "));
      assertThat(desk.emulator.ledger().billedBytes(), is(0L));
      int code = desk.run(desk.options(job).withSpend(SpendLimits.USUAL.withMaxBytes(bytes)));
      assertThat(desk.said(), code, equalTo(0));
    }
  }

  @Test
  void aMonthlyCapHoldsForAllLaterRunsUntilItIsLifted() throws IOException {
    try (Desk desk = desk()) {
      Job first = job("2024-01-01", "2024-03-01", "ZL.v.0");
      Job second = job("2024-01-01", "2024-03-01", "CL.v.0");
      double each = price(desk, first);
      BigDecimal cap = BigDecimal.valueOf(1.5 * each);
      int code =
          desk.run(
              desk.options(first)
                  .withSpend(SpendLimits.USUAL.withMonth(SpendLimits.Month.of(cap))));
      assertThat(desk.said(), code, equalTo(0));
      long billed = desk.emulator.ledger().billedBytes();

      BigDecimal lower = BigDecimal.valueOf(1.2 * each);
      assertThat(
          desk.run(
              desk.options(second)
                  .withSpend(SpendLimits.USUAL.withMonth(SpendLimits.Month.of(lower)))),
          equalTo(5));
      assertThat(desk.run(second), equalTo(5));
      assertThat(desk.said(), containsString("of the monthly cap of $"));
      assertThat(desk.said(), containsString("This run has spent nothing"));
      assertThat(desk.emulator.ledger().billedBytes(), is(billed));
      desk.spend(true);
      assertThat(
          printed(desk).path("total").path("cost_estimate_usd").asDouble(), closeTo(each, 1e-4));
      assertThat(printed(desk).path("max_month_usd").decimalValue(), equalTo(lower));
      desk.spend(false);
      assertThat(desk.printed(), containsString("The monthly cap is $"));

      code =
          desk.run(
              desk.options(second)
                  .withSpend(SpendLimits.USUAL.withMonth(SpendLimits.Month.LIFTED)));
      assertThat(desk.said(), code, equalTo(0));
      desk.spend(true);
      assertThat(printed(desk).has("max_month_usd"), is(false));
    }
  }

  @Test
  void aMonthlyCapCountsWhatWasOnlyLanded() throws IOException {
    try (Desk desk = desk()) {
      Job first = job("2024-01-01", "2024-03-01", "ZL.v.0");
      Job second = job("2024-01-01", "2024-03-01", "CL.v.0");
      SpendLimits capped =
          SpendLimits.USUAL.withMonth(
              SpendLimits.Month.of(BigDecimal.valueOf(1.5 * price(desk, first))));
      int code = desk.land(desk.options(first).withSpend(capped));
      assertThat(desk.said(), code, equalTo(0));
      long billed = desk.emulator.ledger().billedBytes();

      assertThat("no database", desk.land(desk.options(second).withSpend(capped)), equalTo(5));
      assertThat(desk.run(desk.options(job("2024-01-01", "2024-01-03", "ZL.v.0"))), equalTo(0));
      assertThat("another's", desk.run(desk.options(second).withSpend(capped)), equalTo(5));
      assertThat(desk.said(), containsString("of the monthly cap of $"));
      assertThat(desk.emulator.ledger().billedBytes(), is(billed));
    }
  }

  @Test
  void retriesDoNotBringARunAboveItsCap() throws IOException {
    try (Desk desk = desk()) {
      desk.emulator
          .faults()
          .add(Fault.cut(900, false).on("timeseries.get_range").forSymbol("6J.v.0").times(1_000));
      Job job = job("2024-01-01", "2024-07-01", "6J.v.0", "ZL.v.0", "CL.v.0");
      double cap = price(desk, job) * 1.4;
      int code =
          desk.run(
              desk.options(job)
                  .withSpend(SpendLimits.USUAL.withMaxCostUsd(BigDecimal.valueOf(cap))));
      assertThat(desk.said(), code, equalTo(3));
      assertThat(desk.printed(), containsString("than its cap of $"));
      double billed = desk.emulator.ledger().billedBytes() / 56 * 0.01;
      assertThat(billed, lessThanOrEqualTo(cap));
      assertThat(
          TableRows.query(desk.database(), "SELECT DISTINCT symbol FROM ops.coverage ORDER BY 1"),
          equalTo(List.of("CL.v.0", "ZL.v.0")));
    }
  }

  @Test
  void aDatasetThatIsRefusedIsNotAskedForChunkAfterChunk() throws IOException {
    try (Desk desk = desk()) {
      desk.emulator.faults().add(Fault.status(403).on("timeseries.get_range").times(1_000));
      Job job = Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2022-01-01", "2024-01-01", 1, 30);
      assertThat(desk.run(job), equalTo(5));
      long asked =
          desk.emulator.ledger().entries().stream()
              .filter(e -> e.method().contains("get_range"))
              .count();
      assertThat(asked, lessThanOrEqualTo((long) RunnerOptions.REQUESTS));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT count(*) > 20, count(DISTINCT state), min(state) FROM ops.backfill_chunks"),
          equalTo(List.of("true|1|skipped")));
      assertThat(
          TableRows.query(desk.database(), "SELECT DISTINCT state FROM ops.coverage"),
          equalTo(List.of("not_entitled")));
    }
  }

  @Test
  void theWholeOfDailyFuturesIsPricedWithAFewCalls() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.plan(desk.options(JobFile.read("daily-futures")), true), equalTo(0));
      JsonNode plan = printed(desk);
      assertThat(plan.path("cost_usd").asDouble(), greaterThan(1.0));
      assertThat(plan.path("is_exact").asBoolean(), is(true));
      assertThat(plan.path("symbols_covered").asLong(), is(0L));
      assertThat(plan.path("chunks_to_fetch").asInt(), is(plan.path("chunks").size()));
      assertThat(metadataCalls(desk), lessThanOrEqualTo(20L));
    }
  }

  @Test
  void scatteredGapsArePricedWithAFewCallsToo() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      String[] symbols = {"ZL.v.0", "CL.v.0", "6J.v.0", "ES.v.0"};
      for (int i = 0; i < symbols.length; i++) {
        desk.run(job("2024-0" + (i + 1) + "-01", "2024-0" + (i + 2) + "-01", symbols[i]));
      }
      Job all = job("2023-01-01", "2025-01-01", symbols);
      desk.emulator.ledger().clear();
      assertThat(desk.plan(desk.options(all), true), equalTo(0));
      JsonNode plan = printed(desk);
      assertThat(metadataCalls(desk), lessThanOrEqualTo(20L));
      assertThat(plan.path("symbols_covered_in_part").asInt(), is(symbols.length));
      double estimated = plan.path("billable_bytes").asDouble();
      desk.emulator.ledger().clear();
      assertThat(desk.run(all), equalTo(0));
      double billed = desk.emulator.ledger().billedBytes();
      assertThat(estimated, closeTo(billed, 0.03 * billed));
    }
  }

  private static long metadataCalls(Desk desk) {
    return desk.emulator.ledger().entries().stream()
        .filter(e -> e.method().startsWith("metadata."))
        .count();
  }
}
