package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.Fault;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One symbol that is never answered, while the others are, is not a service that is down. */
class SilentSymbolTest {
  private static final List<String> SYMBOLS =
      List.of("ZL.v.0", "6J.v.0", "CL.v.0", "GC.v.0", "SI.v.0", "NG.v.0");

  @TempDir Path folder;

  private static List<Chunk> eachSymbol(int years) {
    List<Chunk> chunks = new ArrayList<>();
    for (int year = 2015; year < 2015 + years; year++) {
      for (String symbol : SYMBOLS) {
        chunks.add(
            LandingDesk.chunk(BarSize.DAY, List.of(symbol), year + "-01-01", year + 1 + "-01-01"));
      }
    }
    return chunks;
  }

  private LandingDesk desk(String name) throws Exception {
    return new LandingDesk(folder, "silent:" + name, EmulatorConfig.builder());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ZL.v.0", "CL.v.0", "NG.v.0"})
  void itsChunksFailAndNothingElseWaits(String silent) throws Exception {
    try (LandingDesk desk = desk(silent)) {
      desk.emulator.faults().add(Fault.status(504).forSymbol(silent).times(-1));
      Instant began = desk.time.instant();
      List<LandedChunk> outcomes = desk.land("kept", 3, eachSymbol(2));
      assertThat(outcomes.size(), equalTo(12));
      for (LandedChunk outcome : outcomes) {
        boolean isSilent = outcome.getChunk().getSymbols().contains(silent);
        assertThat(outcome.getState(), equalTo(isSilent ? LandedState.FAILED : LandedState.LANDED));
        if (isSilent) {
          assertThat(outcome.getHttpStatus(), equalTo(504));
          // Twice as often as is thought enough, for what is known to be answered at that size;
          // else two first, that tell why.
          assertThat(outcome.getAttempts(), anyOf(equalTo(5 + 5), equalTo(2 + 5)));
          assertThat(outcome.getError(), containsString("504"));
        }
      }
      // Only what lies between attempts: the waits of two chunks, at most a minute each time.
      assertThat(Duration.between(began, desk.time.instant()).toSeconds(), lessThanOrEqualTo(120L));
      assertThat(desk.takeRequests(), lessThanOrEqualTo(10L + 2 * (10 + 4)));
    }
  }

  @Test
  void itIsTakenOutOfTheChunkItSharesWithOthers() throws Exception {
    try (LandingDesk desk = desk("shared")) {
      desk.emulator.faults().add(Fault.status(504).forSymbol("ZL.v.0").times(-1));
      Chunk all = LandingDesk.chunk(BarSize.DAY, SYMBOLS, "2015-01-01", "2016-01-01");
      List<LandedChunk> outcomes = desk.land("kept", 1, List.of(all));
      for (LandedChunk outcome : outcomes) {
        LandedState state = LandedState.LANDED;
        if (outcome.getChunk().getSymbols().contains("ZL.v.0")) {
          boolean isAlone = outcome.getChunk().getSymbols().size() == 1;
          state = isAlone ? LandedState.FAILED : LandedState.SPLIT;
        }
        assertThat(outcome.getState(), equalTo(state));
      }
      assertThat("the whole, the symbol, the others", outcomes.size(), equalTo(3));
    }
  }

  @Test
  void aServiceThatIsDownForAllIsStillWaitedFor() throws Exception {
    try (LandingDesk desk = desk("down")) {
      desk.emulator.faults().add(Fault.status(504).times(-1));
      desk.time.after(Duration.ofMinutes(3), () -> desk.emulator.faults().clear());
      List<LandedChunk> outcomes = desk.land("kept", 3, eachSymbol(1));
      outcomes.forEach(one -> assertThat(one.getState(), equalTo(LandedState.LANDED)));
      assertThat(desk.takeRequests(), lessThanOrEqualTo(40L));
    }
  }

  @Test
  void aRunGoesOnAndEndsWithThree() throws Exception {
    try (Desk desk = Desk.in(folder)) {
      Job job = Desk.job(BarSize.DAY, SYMBOLS, "2024-01-01", "2024-07-01", 1, 100);
      desk.emulator.faults().add(Fault.status(504).forSymbol("6J.v.0").times(-1));
      assertThat(desk.run(job), equalTo(3));
      assertThat(desk.printed(), containsString("(6J.v.0, "));
      assertThat(desk.printed(), not(containsString("pause")));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT DISTINCT symbols || ' ' || http_status || ' ' || (attempts >= 5)"
                  + " FROM ops.backfill_chunks WHERE state = 'failed'"),
          equalTo(List.of("6J.v.0 504 true")));
      desk.emulator.faults().clear();
      assertThat(desk.said(), desk.run(job), equalTo(0));
    }
  }
}
