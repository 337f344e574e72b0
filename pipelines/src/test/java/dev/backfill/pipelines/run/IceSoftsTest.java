package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.SType;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Softs at ICE: with rights loaded as the venue has them, without rights one sentence. */
class IceSoftsTest {
  private static final String FROM = "2025-03-03";
  private static final String TO = "2025-04-12";

  @TempDir Path folder;

  private static List<Job> parts() {
    return JobFile.readAll(
        "ice-softs",
        new Overrides(Optional.of(JobTime.parse(FROM)), Optional.of(JobTime.parse(TO)), List.of()));
  }

  private Desk desk(KeyRights rights) {
    return Desk.in(folder, EmulatorConfig.builder().key(EmulatorConfig.DEFAULT_KEY, rights));
  }

  private static List<MarketBar> bars(Desk desk, SType stype, String symbol) {
    return desk.emulator
        .market()
        .bars("IFUS.IMPACT", BarSize.DAY, stype, symbol, DbnFiles.ns(FROM), DbnFiles.ns(TO));
  }

  @Test
  void withRightsTheVenuesBarsAreLoadedAndWhatIsLeftOutIsCounted() throws IOException {
    try (Desk desk = desk(KeyRights.of("GLBX.MDP3", "IFUS.IMPACT"))) {
      List<String> expected = new ArrayList<>();
      long leftOut = 0;
      for (String root : List.of("KC", "SB", "CC", "CT", "OJ")) {
        for (MarketBar bar : bars(desk, SType.CONTINUOUS, root + ".v.0")) {
          if (bar.publisherId() == 97) {
            expected.add(TableRows.row(root, bar.rawSymbol(), "null", BarSize.DAY, bar));
          } else {
            leftOut++;
          }
        }
      }
      long ofContracts = 0;
      for (MarketBar bar : bars(desk, SType.PARENT, "DX.FUT")) {
        boolean isSpread = bar.rawSymbol().contains("-");
        if (bar.publisherId() == 97 && !isSpread) {
          expected.add(TableRows.row(bar.rawSymbol(), bar.rawSymbol(), "DX.FUT", BarSize.DAY, bar));
        } else {
          ofContracts++;
        }
      }
      Collections.sort(expected);

      int code = desk.run(parts(), false);

      assertThat(desk.said() + desk.printed(), code, is(0));
      assertSame(
          TableRows.in(desk.database(), BarSize.DAY.futuresTable()).stream().sorted().toList(),
          expected);
      assertThat(desk.printed(), containsString("  left out: " + leftOut + " records that"));
      assertThat(
          desk.printed(), containsString("contracts: left out: " + ofContracts + " records that"));
      desk.emulator.ledger().clear();
      assertThat(desk.run(parts(), false), is(0));
      assertThat(desk.billedRequests(), is(0L));
    }
  }

  @ParameterizedTest
  @EnumSource(KeyRights.Denial.class)
  void withoutRightsOneSentenceSaysWhatIsMissing(KeyRights.Denial denial) throws IOException {
    try (Desk desk = desk(KeyRights.of("GLBX.MDP3").withDenial(denial))) {
      assertThat(desk.run(parts(), false), equalTo(5));
      assertThat(desk.printed(), is(""));
      assertThat(desk.said().strip().lines().count(), is(1L));
      String sentence =
          "IFUS.IMPACT is not in this key's subscription, so nothing of it was asked for or spent;"
              + " subscribe to it, or go without this job (HTTP 4";
      assertThat(desk.said(), startsWith(sentence));
      assertThat(desk.run(parts(), true), equalTo(5));
      JsonNode answer = new ObjectMapper().readTree(desk.printed());
      assertThat(answer.path("job").asText(), is("ice-softs"));
      assertThat(answer.path("exit_code").asInt(), is(5));
      assertThat(answer.path("error").asText(), startsWith(sentence));
      assertThat(desk.plan(parts(), false), equalTo(5));
      assertThat(desk.said(), startsWith(sentence));
      assertThat(desk.emulator.ledger().billedBytes(), is(0L));
      assertThat(Files.exists(desk.database()), is(false));
    }
  }

  @Test
  void withoutRightsThatIsNotedInADatabaseThatKnowsRuns() throws IOException {
    try (Desk desk = desk(KeyRights.of("GLBX.MDP3"))) {
      Job other = Desk.job(BarSize.DAY, List.of("ZS.v.0"), "2024-01-01", "2024-01-03", 1, 400);
      assertThat(desk.said(), desk.run(other), is(0));
      assertThat(desk.run(parts(), false), equalTo(5));
      assertThat(desk.said().strip().lines().count(), is(1L));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT c.job_name, c.status, c.error_message LIKE '%IFUS.IMPACT%', a.severity,"
                  + " a.status FROM ops.ingestion_completion c LEFT JOIN ops.alert_history a"
                  + " ON a.source = c.job_name ORDER BY c.started_at"),
          equalTo(
              List.of(
                  "test-job|success|null|null|null",
                  "ice-softs/contracts|failed|true|error|open")));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT job_name, status, rows_written, note = (SELECT error_message FROM"
                  + " ops.ingestion_completion c WHERE c.run_id = r.run_id) FROM"
                  + " ops.backfill_runs r ORDER BY started_at DESC LIMIT 1"),
          equalTo(List.of("ice-softs/contracts|failed|0|true")));
      assertThat(desk.status(false), is(0));
      assertThat(
          desk.printed(),
          containsString("  ice-softs/contracts failed: IFUS.IMPACT is not in this key's"));
      assertThat(desk.printed(), containsString("KC OJ SB (this key has no right to it)"));
      assertThat(desk.printed(), not(containsString("ice-softs is not loaded")));
    }
  }
}
