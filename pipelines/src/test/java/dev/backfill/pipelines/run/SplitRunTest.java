package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.Fault;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run whose chunks are too large leaves behind. */
class SplitRunTest {
  private static final List<String> ROOTS = List.of("ZL", "6J", "CL");

  @TempDir Path folder;

  private static Job job() {
    return Desk.job(
        BarSize.DAY,
        ROOTS.stream().map(r -> r + ".v.0").toList(),
        "2024-01-01",
        "2024-07-01",
        3,
        400);
  }

  private static List<String> expected(Desk desk) {
    return TableRows.expected(
        desk.emulator.market(), BarSize.DAY, ROOTS, "2024-01-01T00:00:00Z", "2024-07-01T00:00:00Z");
  }

  private static List<String> table(Desk desk) {
    return TableRows.in(desk.database(), BarSize.DAY.futuresTable());
  }

  private Desk desk(long gatewayLimit) {
    return Desk.in(folder, EmulatorConfig.builder().gatewayLimit(gatewayLimit));
  }

  @Test
  void theTableIsWholeAndTheLedgerSaysWhatWasSplit() throws IOException {
    try (Desk desk = desk(100)) {
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertSame(table(desk), expected(desk));
      List<String> parts =
          TableRows.query(
              desk.database(),
              "SELECT chunk_id FROM ops.backfill_chunks WHERE state = 'loaded' ORDER BY 1");
      assertThat(parts.size(), greaterThan(5));
      assertThat(
          desk.printed(),
          containsString("1 chunk was split into " + parts.size() + " parts: too large"));
      assertThat(
          TableRows.query(
              desk.database(), "SELECT chunks_total || ' ' || chunks_done FROM ops.backfill_runs"),
          equalTo(List.of(parts.size() + " " + parts.size())));
      assertThat(
          TableRows.query(
                  desk.database(),
                  "SELECT count(*) FROM ops.backfill_chunks WHERE state = 'split'"
                      + " AND contains(last_error, 'Split into')")
              .get(0),
          greaterThan("0"));
      assertThat(
          TableRows.query(desk.database(), "SELECT name FROM ops.settings ORDER BY 1"),
          hasItem("chunk_size.databento-GLBX.MDP3-ohlcv-1d-continuous"));
    }
  }

  @Test
  void everyChunkEndsInTheLandingAsLandedOrSplitIntoPartsThatDo() throws IOException {
    try (Desk desk = desk(100)) {
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      LandingArea landing = LandingArea.at(desk.landing().toString());
      List<LandedChunk> all = landing.list("databento", "GLBX.MDP3", "ohlcv-1d", "continuous");
      Set<String> ended = new TreeSet<>();
      Set<String> named = new TreeSet<>();
      for (LandedChunk one : all) {
        assertThat(ended.add(one.getChunk().getChunkId()), equalTo(true));
        one.getParts().forEach(part -> named.add(part.getChunkId()));
      }
      Set<String> roots = new TreeSet<>(ended);
      roots.removeAll(named);
      assertThat(roots, hasSize(1));
      assertThat(ended.containsAll(named), equalTo(true));
      assertThat(
          all.stream().map(LandedChunk::getState).collect(Collectors.toSet()),
          equalTo(Set.of(LandedState.LANDED, LandedState.SPLIT)));
      assertThat(
          "a split chunk is done when its parts are",
          landing.landedChunks("databento", "GLBX.MDP3", "ohlcv-1d"),
          equalTo(ended));
    }
  }

  @Test
  void thePartsAreFoundByTheNextRun() throws IOException {
    try (Desk desk = desk(100)) {
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertThat(desk.run(job()), equalTo(0));
      assertThat(desk.printed(), containsString("nothing to do"));
      Files.delete(desk.database());
      desk.emulator.ledger().clear();
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertThat(desk.billedRequests(), equalTo(0L));
      assertSame(table(desk), expected(desk));
    }
  }

  @Test
  void aPartThatFailsIsTheOnlyThingThatFails() throws IOException {
    try (Desk desk = desk(200)) {
      desk.emulator.faults().add(Fault.status(500).forSymbol("6J.v.0").after(2).times(1_000));
      assertThat(desk.run(job()), equalTo(3));
      assertThat(desk.printed(), containsString("(6J.v.0, "));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT chunks_total - chunks_done - chunks_failed" + " FROM ops.backfill_runs"),
          equalTo(List.of("0")));
      desk.emulator.faults().clear();
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertSame(table(desk), expected(desk));
    }
  }

  @Test
  void aPauseIsCounted() throws IOException {
    try (Desk desk = desk(0)) {
      desk.emulator.faults().add(Fault.status(504).on("timeseries.get_range").times(4));
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertThat(desk.printed(), containsString("1 pause because the service did not answer"));
      assertSame(table(desk), expected(desk));
    }
  }

  @Test
  void aNewLandingLearnsFromTheDatabase() throws IOException {
    try (Desk desk = desk(100)) {
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      Path old = folder.resolve("old");
      Files.move(desk.landing(), old);
      desk.emulator.ledger().clear();
      Job later =
          Desk.job(BarSize.DAY, List.of("GC.v.0", "SI.v.0"), "2024-01-01", "2024-07-01", 3, 400);
      assertThat(desk.said(), desk.run(later), equalTo(0));
      assertThat(desk.printed(), startsWith("test-job"));
      assertThat(
          desk.emulator.ledger().entries().stream().filter(e -> e.status() == 504).count(),
          equalTo(0L));
    }
  }
}
