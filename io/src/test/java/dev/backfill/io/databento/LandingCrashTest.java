package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.http.FakeTime;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program dies at each step of landing a chunk, and lands it again. */
class LandingCrashTest {
  private static final Chunk ZL = Chunks.continuous("ZL.v.0");

  /** No code catches it, like a kill. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  @TempDir Path folder;
  private LandingArea landing;
  private FakeClient client;

  @BeforeEach
  void open() {
    landing = LandingArea.at(folder.toString());
    client = new FakeClient();
  }

  private LandedChunk land(String runId) throws IOException {
    try (RequestJournal journal = landing.journal()) {
      return lander(journal).land(ZL, runId);
    }
  }

  private LandedChunk landAgain(String runId) throws IOException {
    try (RequestJournal journal = landing.journal()) {
      return lander(journal).landAgain(ZL, runId);
    }
  }

  private ChunkLander lander(RequestJournal journal) {
    FakeTime time = new FakeTime();
    RetryPolicy once =
        new RetryPolicy(1, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofHours(1));
    return new ChunkLander(client, landing, journal, "emulator:fake:1", once, time, time);
  }

  private List<LandedChunk> list() throws IOException {
    return landing.list("databento", "GLBX.MDP3", "ohlcv-1d", "continuous");
  }

  private Path only(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> found = all.filter(file -> file.toString().matches(".*\\dZ\\." + ending)).toList();
      assertThat(found, hasSize(1));
      return found.get(0);
    }
  }

  @Test
  void diedBeforeTheAnswer() throws IOException {
    client.beforeAnswer =
        () -> {
          throw new Death();
        };
    assertThrows(Death.class, () -> land("run-1"));
    client.beforeAnswer = () -> {};
    assertThat(list(), empty());
    assertThat(land("run-2").getRecordCount(), equalTo(31L));
    assertThat(client.asked, hasSize(2));
  }

  @Test
  void killedWhileTheAnswerCame() throws IOException {
    LandedChunk whole = land("run-1");
    Path file = Path.of(whole.getFile());
    Files.delete(only("json"));
    Files.delete(only("contracts.json"));
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    Files.write(
        file.resolveSibling(file.getFileName() + ".run-1-1-0123456789ab.tmp"),
        Arrays.copyOf(bytes, bytes.length / 2));
    tearLastLineOfJournal();

    assertThat(list(), empty());
    LandedChunk again = land("run-2");
    assertThat(again.getRecordCount(), equalTo(31L));
    assertThat(client.asked, hasSize(2));
    assertThat(
        landing.requests("run-1").stream().map(RequestEntry::outcome).toList(),
        contains(RequestEntry.CUT));
  }

  private void tearLastLineOfJournal() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("journal"))) {
      Path file = files.findFirst().orElseThrow();
      String text = Files.readString(file);
      Files.writeString(file, text.substring(0, text.length() - 20));
    }
  }

  @Test
  void diedBetweenFileAndContracts() throws IOException {
    client.resolveFailure =
        query -> {
          throw new Death();
        };
    assertThrows(Death.class, () -> land("run-1"));
    client.resolveFailure = query -> null;
    assertThat(list(), empty());
    Path file = only("dbn\\.zst");

    LandedChunk adopted = land("run-2");
    assertThat(client.asked, hasSize(1));
    assertThat(adopted.getFile(), equalTo(file.toString()));
    assertThat(adopted.getState(), equalTo(LandedState.LANDED));
    assertThat(adopted.getVerified(), equalTo(true));
    assertThat(adopted.getRunId(), equalTo("run-1"));
    assertThat(adopted.getRequestId(), equalTo("req-1"));
    assertThat(LandingArea.contracts(adopted).isPresent(), equalTo(true));
    assertThat(list(), contains(adopted));
  }

  @Test
  void killedBeforeTheSidecar() throws IOException {
    LandedChunk landed = land("run-1");
    Files.delete(only("json"));
    int resolved = client.resolved.size();

    LandedChunk adopted = land("run-2");
    assertThat(client.asked, hasSize(1));
    assertThat(client.resolved, hasSize(resolved));
    landed.setWarnings(List.of());
    assertThat(adopted, equalTo(landed));
    assertThat(list(), contains(adopted));
  }

  @Test
  void killedWhileTheSidecarWasWritten() throws IOException {
    land("run-1");
    Path sidecar = only("json");
    byte[] bytes = Files.readAllBytes(sidecar);
    Files.write(sidecar, Arrays.copyOf(bytes, bytes.length - 3));
    assertThat(land("run-2").getVerified(), equalTo(true));
    assertThat(client.asked, hasSize(1));
    assertThat(list(), hasSize(1));
  }

  @Test
  void aDamagedFileWithoutSidecarIsAskedAgain() throws IOException {
    LandedChunk landed = land("run-1");
    Files.delete(only("json"));
    byte[] bytes = Files.readAllBytes(Path.of(landed.getFile()));
    Files.write(Path.of(landed.getFile()), Arrays.copyOf(bytes, bytes.length - 1));
    LandedChunk again = land("run-2");
    assertThat(again.getFile().equals(landed.getFile()), equalTo(false));
    assertThat(again.getRunId(), equalTo("run-2"));
    assertThat(client.asked, hasSize(2));
    assertThat(list(), contains(again));
  }

  @Test
  void contractsThatCannotBeAskedFailTheChunkButNotTheFile() throws IOException {
    client.resolveFailure =
        query -> {
          throw FakeClient.refusal(500, "trouble");
        };
    LandedChunk failed = land("run-1");
    assertThat(failed.getState(), equalTo(LandedState.FAILED));
    assertThat(failed.getHttpStatus(), equalTo(500));
    assertThat(failed.getError(), containsString("HTTP 500"));
    client.resolveFailure = query -> null;
    LandedChunk adopted = land("run-2");
    assertThat(adopted.getState(), equalTo(LandedState.LANDED));
    assertThat(client.asked, hasSize(1));
    assertThat(list(), contains(adopted));
  }

  @Test
  void aNewGenerationThatDiedIsNotBoughtTwiceInItsRun() throws IOException {
    land("run-1");
    client.resolveFailure =
        query -> {
          throw new Death();
        };
    assertThrows(Death.class, () -> landAgain("run-2"));
    client.resolveFailure = query -> null;
    LandedChunk second = landAgain("run-2");
    assertThat(client.asked, hasSize(2));
    assertThat(second.getRunId(), equalTo("run-2"));
    assertThat(list(), hasSize(2));
    landAgain("run-3");
    assertThat(client.asked, hasSize(3));
  }

  @Test
  void aPlanFindsWhatARunThatDiedHasBought() throws IOException {
    land("run-1");
    Files.delete(only("json"));
    try (RequestJournal journal = landing.journal()) {
      List<LandedChunk> adopted = lander(journal).adoptOrphans("GLBX.MDP3", "ohlcv-1d", "run-2");
      assertThat(adopted, equalTo(list()));
      assertThat(adopted.get(0).getChunk().getChunkId(), equalTo(ZL.getChunkId()));
      assertThat(adopted.get(0).getChunk().getSymbols(), contains("ZL.v.0"));
      assertThat(lander(journal).adoptOrphans("GLBX.MDP3", "ohlcv-1d", "run-2"), empty());
    }
    assertThat(client.asked, hasSize(1));
  }

  @Test
  void aFileThatAnswersSomethingElseThanItsNameSaysIsLeft() throws IOException {
    LandedChunk landed = land("run-1");
    Files.delete(only("json"));
    Path file = Path.of(landed.getFile());
    Files.move(file, Path.of(file.toString().replace(ZL.getChunkId(), "0123456789abcdef")));
    try (RequestJournal journal = landing.journal()) {
      assertThat(lander(journal).adoptOrphans("GLBX.MDP3", "ohlcv-1d", "run-2"), empty());
    }
  }

  @Test
  void anAdoptedAnswerIsCountedToo() throws IOException {
    land("run-1");
    Files.delete(only("json"));
    client.counts.add(q -> 30);
    client.counts.add(q -> 30);
    LandedChunk adopted = land("run-2");
    assertThat(adopted.getVerified(), equalTo(false));
    assertThat(adopted.getExpectedRecords(), equalTo(30L));
    assertThat(
        adopted.getWarnings(),
        contains("Not verified: the answer has 31 records, and the service counts 30"));
  }

  @Test
  void whatWasLeftHalfDoneIsRemovedAfterADay() throws IOException {
    Path file = Path.of(land("run-1").getFile());
    Path old = file.resolveSibling(file.getFileName() + ".run-1-1-0123456789ab.tmp");
    Path young = file.resolveSibling(file.getFileName() + ".run-1-2-0123456789ab.tmp");
    Path other = file.resolveSibling("mine.tmp");
    for (Path one : List.of(old, young, other)) {
      Files.writeString(one, "half");
    }
    FileTime twoDaysAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    Files.setLastModifiedTime(old, twoDaysAgo);
    Files.setLastModifiedTime(other, twoDaysAgo);
    try (RequestJournal journal = landing.journal()) {
      lander(journal).adoptOrphans("GLBX.MDP3", "ohlcv-1d", "run-2");
    }
    assertThat(Files.exists(old), equalTo(false));
    assertThat(Files.exists(young), equalTo(true));
    assertThat(Files.exists(other), equalTo(true));
    assertThat(list(), hasSize(1));
  }
}
