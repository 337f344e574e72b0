package dev.backfill.io.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.landing.RunFolder.Outcome;
import dev.backfill.io.landing.RunFolder.Stop;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFolderTest {
  private static final byte[] RUN = "{\"run\":1}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;

  private LandingArea landing(String where) {
    return LandingArea.at(
        where.equals("memory") ? "memory://" + UUID.randomUUID() : temp.resolve("l").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "memory"})
  void workersSeeWhatTheLauncherHasWritten(String where) throws IOException {
    LandingArea landing = landing(where);
    RunFolder launcher = landing.runFolder("run-1");
    RunFolder worker = landing.runFolder("run-1");
    IOException e = assertThrows(IOException.class, worker::requireRun);
    assertThat(
        e.getMessage(),
        containsString(
            "does not see the run's landing: " + landing.uri() + "/runs/run-1/run.json"));
    launcher.writeRun(RUN);
    worker.requireRun();
    assertThat(worker.run().orElseThrow(), equalTo(RUN));
    assertThrows(IOException.class, landing.runFolder("run-2")::requireRun);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "memory"})
  void aStopIsSeenByAll(String where) throws IOException {
    LandingArea landing = landing(where);
    RunFolder folder = landing.runFolder("run-1");
    assertThat(folder.stopped(), equalTo(Optional.empty()));
    folder.stop("the key was \"refused\"", 401);
    folder.stop("no money is left", 402);
    assertThat(
        landing.runFolder("run-1").stopped(),
        equalTo(Optional.of(new Stop("no money is left", 402))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "memory"})
  void outcomesAreReadAsTheyWereWrittenAndMayComeAgain(String where) throws IOException {
    LandingArea landing = landing(where);
    RunFolder folder = landing.runFolder("run-1");
    assertThat(folder.outcomes(), empty());
    Chunk chunk = Landings.chunk("ZL.v.0");
    LandedChunk landed = Landings.land(landing, chunk, "bars");
    Chunk large = Landings.chunk("CL.v.0");
    LandedChunk split =
        LandedChunk.newBuilder(Landings.outcome(large, LandedState.SPLIT, 5))
            .setParts(List.of(Landings.chunk("A"), Landings.chunk("B")))
            .build();
    folder.outcome(chunk.getChunkId(), Landings.outcome(chunk, LandedState.FAILED, 1));
    folder.outcome(chunk.getChunkId(), landed);
    folder.outcome(large.getChunkId(), split);
    assertThat(folder.outcomes(), containsInAnyOrder(chunk.getChunkId(), large.getChunkId()));
    assertThat(
        folder.outcome(chunk.getChunkId()),
        equalTo(Optional.of(new Outcome(chunk.getChunkId(), landed))));
    assertThat(folder.outcome(large.getChunkId()).orElseThrow().landed(), equalTo(split));
    folder.delete(chunk.getChunkId());
    assertThat(folder.outcomes(), equalTo(List.of(large.getChunkId())));
    assertThat(folder.outcome(chunk.getChunkId()), equalTo(Optional.empty()));
  }

  @Test
  void anOutcomeIsFoundUnderAnotherNameOfTheLanding() throws IOException {
    LandingArea landing = landing("local");
    Chunk chunk = Landings.chunk("ZL.v.0");
    LandedChunk landed = Landings.land(landing, chunk, "bars");
    landing.runFolder("run-1").outcome(chunk.getChunkId(), landed);
    Files.move(temp.resolve("l"), temp.resolve("m"));
    LandingArea moved = LandingArea.at(temp.resolve("m").toString());
    LandedChunk found = moved.runFolder("run-1").outcome(chunk.getChunkId()).orElseThrow().landed();
    assertThat(found.getFile(), not(equalTo(landed.getFile())));
    assertThat(
        new String(LandingArea.open(found.getFile()).readAllBytes(), StandardCharsets.UTF_8),
        equalTo("bars"));
    assertThat(LandingArea.contracts(found).isPresent(), equalTo(true));
  }

  @Test
  void aFileThatIsNoOutcomeIsNamed() throws IOException {
    LandingArea landing = landing("local");
    Path outcomes = temp.resolve("l/runs/run-1/outcomes");
    Files.createDirectories(outcomes);
    Files.writeString(outcomes.resolve("abc.json"), "{}");
    IOException e =
        assertThrows(IOException.class, () -> landing.runFolder("run-1").outcome("abc"));
    assertThat(e.getMessage(), containsString("/runs/run-1/outcomes/abc.json is no outcome"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "memory"})
  void aRunIsForgottenAlone(String where) throws IOException {
    LandingArea landing = landing(where);
    Chunk chunk = Landings.chunk("ZL.v.0");
    LandedChunk landed = Landings.land(landing, chunk, "bars");
    for (String run : List.of("run-1", "run-2")) {
      RunFolder folder = landing.runFolder(run);
      folder.writeRun(RUN);
      folder.stop("stopped", 401);
      folder.outcome(chunk.getChunkId(), landed);
    }
    if (where.equals("local")) {
      Files.writeString(temp.resolve("l/runs/run-1/outcomes/x.json.0-0123456789ab.tmp"), "{");
    }
    landing.runFolder("run-1").deleteAll();
    landing.runFolder("run-1").deleteAll();
    assertThat(landing.runFolder("run-1").run(), equalTo(Optional.empty()));
    assertThat(landing.runFolder("run-1").stopped(), equalTo(Optional.empty()));
    assertThat(landing.runFolder("run-1").outcomes(), empty());
    assertThat(Files.exists(temp.resolve("l/runs/run-1")), equalTo(false));
    assertThat(landing.runFolder("run-2").outcomes(), equalTo(List.of(chunk.getChunkId())));
    assertThat(landing.newest(chunk), equalTo(Optional.of(landed)));
  }

  @Test
  void aRunIdIsNoPath() {
    LandingArea landing = landing("local");
    assertThrows(IllegalArgumentException.class, () -> landing.runFolder("../other"));
  }
}
