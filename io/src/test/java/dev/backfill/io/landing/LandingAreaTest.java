package dev.backfill.io.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandingAreaTest {
  private static final Chunk ZL = Landings.chunk("ZL.v.0");
  private static final Chunk CL = Landings.chunk("CL.v.0");

  @TempDir Path folder;
  private LandingArea landing;

  @BeforeEach
  void open() {
    landing = LandingArea.at(folder.toString());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private Path sidecar(LandedChunk landed) {
    return Path.of(landed.getFile().replace(".dbn.zst", ".json"));
  }

  @Test
  void filesAreNamedByChunkAndTime() throws IOException {
    Landings.land(landing, ZL, "bars");
    String name =
        "databento/GLBX.MDP3/ohlcv-1h/" + ZL.getChunkId() + "-20251216T101112.123456789Z.";
    assertThat(files(), contains(name + "contracts.json", name + "dbn.zst", name + "json"));
  }

  @Test
  void whatIsRecordedIsReadBack() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    assertThat(Landings.list(landing), contains(landed));
    assertThat(landing.newest(ZL), equalTo(Optional.of(landed)));
    assertThat(landing.newest(CL), equalTo(Optional.empty()));
    assertThat(landed.getBytes(), equalTo(4L));
    assertThat(
        landed.getSha256(),
        equalTo("8556ab2559634a19bd1d144dc844a0da5a0716a0d671e3b4bb2e36c23a2fe8a8"));
    try (InputStream in = LandingArea.open(landed.getFile())) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8), equalTo("bars"));
    }
  }

  @Test
  void whatCannotBeReadIsNotTakenForNothing() throws IOException {
    Files.createDirectories(folder.resolve("databento/GLBX.MDP3"));
    Files.createFile(folder.resolve("databento/GLBX.MDP3/ohlcv-1h"));
    IOException e = assertThrows(IOException.class, () -> Landings.list(landing));
    assertThat(e.getMessage(), containsString("what has landed is not known"));
  }

  @Test
  void listAsksForOneStype() throws IOException {
    Landings.land(landing, ZL, "bars");
    assertThat(landing.list("databento", "GLBX.MDP3", "ohlcv-1h", "parent"), empty());
    assertThat(landing.list("databento", "GLBX.MDP3", "ohlcv-1d", "continuous"), empty());
  }

  @Test
  void sidecarIsReadableByPeople() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    String text = Files.readString(sidecar(landed));
    assertThat(
        text,
        allOf(
            containsString("\n  \"state\" : \"LANDED\""),
            containsString("\"asked_at\" : \"2025-12-16T10:11:12.123456789Z\""),
            containsString("\"start\" : \"2024-01-01T00:00:00Z\""),
            containsString("\"file\" : \"" + ZL.getChunkId())));
  }

  @Test
  void aMovedLandingStillHolds() throws IOException {
    Landings.land(landing, ZL, "bars");
    Path moved = folder.resolveSibling(folder.getFileName() + "-moved");
    Files.move(folder, moved);
    try {
      LandedChunk landed = Landings.list(LandingArea.at(moved.toString())).get(0);
      assertThat(Path.of(landed.getFile()).getParent().startsWith(moved), equalTo(true));
      assertThat(Files.exists(Path.of(landed.getContractsFile())), equalTo(true));
    } finally {
      Files.move(moved, folder);
    }
  }

  @Test
  void everyGenerationStaysAndTheNewestWins() throws IOException {
    LandedChunk first = Landings.land(landing, ZL, "bars");
    LandedChunk second = Landings.land(landing, ZL, "other bars");
    assertThat(second.getAskedAtNs(), equalTo(first.getAskedAtNs() + 1));
    assertThat(Landings.list(landing), contains(first, second));
    assertThat(landing.newest(ZL), equalTo(Optional.of(second)));
  }

  @Test
  void aFailureNeverStandsBeforeAnAnswer() throws IOException {
    LandedChunk failed =
        Landings.outcome(ZL, LandedState.FAILED, landing.look(ZL).nextAskedAtNs(Landings.NOW));
    landing.record(failed);
    assertThat(landing.newest(ZL), equalTo(Optional.of(failed)));
    assertThat(files().get(0), containsString(".failed.json"));

    LandedChunk landed = Landings.land(landing, ZL, "bars");
    assertThat(landing.newest(ZL), equalTo(Optional.of(landed)));
    assertThat(Landings.list(landing), contains(landed));

    LandedChunk later =
        Landings.outcome(ZL, LandedState.FAILED, landing.look(ZL).nextAskedAtNs(Landings.NOW));
    landing.record(later);
    assertThat(landing.newest(ZL), equalTo(Optional.of(landed)));
    assertThat(Landings.list(landing), contains(landed, later));
  }

  @Test
  void unresolvedAndNotEntitledNeedNoFile() throws IOException {
    LandedChunk unresolved =
        landing.record(
            Landings.outcome(
                ZL, LandedState.UNRESOLVED, landing.look(ZL).nextAskedAtNs(Landings.NOW)));
    LandedChunk notEntitled =
        landing.record(
            Landings.outcome(
                CL, LandedState.NOT_ENTITLED, landing.look(CL).nextAskedAtNs(Landings.NOW)));
    assertThat(landing.newest(ZL), equalTo(Optional.of(unresolved)));
    assertThat(landing.newest(CL), equalTo(Optional.of(notEntitled)));
  }

  @Test
  void aSidecarCutAnywhereIsIgnored() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    byte[] whole = Files.readAllBytes(sidecar(landed));
    for (int length = 0; length < whole.length; length += 1 + length / 7) {
      Files.write(sidecar(landed), Arrays.copyOf(whole, length));
      assertThat("cut to " + length, Landings.list(landing), empty());
      assertThat(Landings.orphans(landing).size(), equalTo(1));
    }
    Files.write(sidecar(landed), whole);
    assertThat(Landings.list(landing), contains(landed));
  }

  @Test
  void aTornNewestFallsBackToTheOneBefore() throws IOException {
    LandedChunk first = Landings.land(landing, ZL, "bars");
    LandedChunk second = Landings.land(landing, ZL, "other bars");
    Files.writeString(sidecar(second), "{\"chunk\": {");
    assertThat(landing.newest(ZL), equalTo(Optional.of(first)));
  }

  @Test
  void aSidecarWhoseFilesAreNotThereInFullIsIgnored() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    Files.writeString(Path.of(landed.getFile()), "bar");
    assertThat(Landings.list(landing), empty());
    Files.writeString(Path.of(landed.getFile()), "bars");
    assertThat(Landings.list(landing), contains(landed));
    Files.delete(Path.of(landed.getContractsFile()));
    assertThat(Landings.list(landing), empty());
    assertThat(Landings.orphans(landing).get(0).contractsFile(), equalTo(""));
  }

  @Test
  void aSidecarUnderAnotherNameIsIgnored() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    Path other = Path.of(sidecar(landed).toString().replace(ZL.getChunkId(), CL.getChunkId()));
    Files.move(sidecar(landed), other);
    assertThat(Landings.list(landing), empty());
  }

  @Test
  void sidecarsOfNewerAndOlderProgramsAreRead() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    String text = Files.readString(sidecar(landed));
    Files.writeString(sidecar(landed), text.replaceFirst("\\{", "{\"added_later\": [1],"));
    assertThat(Landings.list(landing), contains(landed));
    Files.writeString(sidecar(landed), text.replace("\"sha256\"", "\"sha512\""));
    assertThat(Landings.list(landing), empty());
  }

  @Test
  void anUnfinishedAnswerIsNotSeen() throws IOException {
    try (PendingAnswer pending =
        landing.begin(ZL, landing.look(ZL).nextAskedAtNs(Landings.NOW), "dbn.zst", "run-1-2")) {
      pending.write(1);
      assertThat(files().size(), equalTo(1));
      assertThat(files().get(0), containsString(".dbn.zst.run-1-2-"));
      assertThat(Landings.list(landing), empty());
      assertThat(Landings.orphans(landing), empty());
    }
    assertThat(files(), empty());
  }

  @Test
  void aFileWithoutSidecarIsAnOrphan() throws IOException {
    LandedChunk published = Landings.publish(landing, ZL, "bars");
    assertThat(Landings.list(landing), empty());
    assertThat(
        Landings.orphans(landing),
        contains(
            new LandingArea.Orphan(
                ZL.getChunkId(),
                published.getFile(),
                "dbn.zst",
                published.getContractsFile(),
                Times.nanos(Landings.NOW))));
    assertThat(landing.look(CL).orphans(), empty());
    assertThat(landing.look(ZL).orphans(), equalTo(Landings.orphans(landing)));
    landing.record(published);
    assertThat(Landings.orphans(landing), empty());
  }

  @Test
  void filesOfOthersAreLeftAlone() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    Path beside = Path.of(landed.getFile()).getParent();
    Files.writeString(beside.resolve("notes.json"), "mine");
    Files.writeString(beside.resolve("abc-20251399T101112.123456789Z.json"), "{}");
    assertThat(Landings.list(landing), contains(landed));
    assertThat(Landings.orphans(landing), empty());
  }

  @Test
  void askedAtNeverGoesBack() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    assertThat(
        landing.look(ZL).nextAskedAtNs(Landings.NOW.minusSeconds(100)),
        greaterThan(landed.getAskedAtNs()));
    assertThat(
        landing.look(ZL).nextAskedAtNs(Landings.NOW.plusSeconds(100)),
        equalTo(Times.nanos(Landings.NOW.plusSeconds(100))));
    assertThat(landing.look(CL).nextAskedAtNs(Landings.NOW), equalTo(Times.nanos(Landings.NOW)));
  }

  @Test
  void namesThatLeadElsewhereAreRefused() {
    for (String bad : List.of("..", "", "a/b", "a\\b", "-x")) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> landing.list("databento", bad, "ohlcv-1h", "parent"),
              bad);
      assertThat(e.getMessage(), containsString("dataset \"" + bad + "\""));
    }
    assertThrows(IllegalArgumentException.class, () -> LandingArea.at(" "));
  }

  @Test
  void theFirstOriginStays() throws IOException {
    assertThat(landing.origin("databento"), equalTo(Optional.empty()));
    landing.claimOrigin("databento", "emulator:market:1", Landings.NOW);
    landing.claimOrigin("databento", "emulator:market:1", Landings.NOW);
    landing.claimOrigin("fred", "https://fred.example", Landings.NOW);
    assertThat(landing.origin("databento"), equalTo(Optional.of("emulator:market:1")));
    OriginMismatchException e =
        assertThrows(
            OriginMismatchException.class,
            () -> landing.claimOrigin("databento", "https://hist.example", Landings.NOW));
    assertThat(
        e.getMessage(),
        equalTo(
            "The landing "
                + folder
                + " holds answers of databento from emulator:market:1, and this run asks"
                + " https://hist.example; give a landing of its own with --landing, or the"
                + " --api-url that filled this one"));
    assertThat(landing.origin("databento"), equalTo(Optional.of("emulator:market:1")));
  }

  @Test
  void placesAreTakenAsPathsAndUris() {
    assertThat(LandingArea.at(folder.toUri().toString()).uri(), equalTo(folder.toString()));
    assertThat(LandingArea.at(folder + "/a/../b/").uri(), equalTo(folder + "/b"));
    assertThat(
        LandingArea.at("landing").uri(), equalTo(Path.of("landing").toAbsolutePath().toString()));
    assertThat(LandingArea.at("memory://x/landing/").uri(), equalTo("memory://x/landing"));
  }

  @Test
  void itGoesToWorkers() throws IOException {
    Landings.land(landing, ZL, "bars");
    LandingArea copy = SerializableUtils.ensureSerializable(landing);
    assertThat(copy.uri(), equalTo(landing.uri()));
    assertThat(Landings.list(copy).size(), equalTo(1));
  }

  @Test
  void anotherFileSystemOfBeamWorksTheSame() throws IOException {
    LandingArea elsewhere = LandingArea.at("memory://" + folder.getFileName());
    LandedChunk landed = Landings.land(elsewhere, ZL, "bars");
    assertThat(Landings.list(elsewhere), contains(landed));
    assertThat(landed.getFile(), containsString("memory://"));
    LandedChunk again = Landings.publish(elsewhere, ZL, "bars");
    assertThat(Landings.orphans(elsewhere).get(0).file(), equalTo(again.getFile()));
    elsewhere.claimOrigin("databento", "one", Landings.NOW);
    assertThrows(
        OriginMismatchException.class,
        () -> elsewhere.claimOrigin("databento", "two", Landings.NOW));
    try (PendingAnswer pending = elsewhere.begin(CL, 1, "dbn.zst", "a")) {
      pending.write(1);
    }
    assertThat(
        MemoryFileSystem.names().stream().anyMatch(name -> name.endsWith(".tmp")), equalTo(false));
  }

  @Test
  void hundredsAreListed() throws IOException {
    for (int i = 0; i < 300; i++) {
      landing.record(Landings.outcome(Landings.chunk("S" + i), LandedState.UNRESOLVED, 1_000L + i));
    }
    assertThat(Landings.list(landing).size(), equalTo(300));
  }
}
