package dev.backfill.io.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedFilesTest {
  private static final Chunk ZL = Landings.chunk("ZL.v.0");

  @TempDir Path folder;
  private LandingArea landing;

  @BeforeEach
  void open() {
    landing = LandingArea.at(folder.toString());
  }

  private List<String> endings() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString().replaceFirst(".*\\dZ\\.", ""))
          .sorted()
          .toList();
    }
  }

  /** Where a landed file lies once it is set aside. */
  private Path quarantined(LandedChunk landed) {
    return folder.resolve("quarantine").resolve(folder.relativize(Path.of(landed.getFile())));
  }

  private Path sidecar(LandedChunk landed) {
    return Path.of(landed.getFile().replace(".dbn.zst", ".json"));
  }

  private List<String> quarantine() throws IOException {
    return landing.quarantine("databento", "GLBX.MDP3", "ohlcv-1h");
  }

  @Test
  void aTruncatedFileIsQuarantinedWithItsSidecar() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    Files.writeString(Path.of(landed.getFile()), "bar");
    assertThat(Landings.list(landing), empty());
    assertThat(quarantine().toString(), containsString("its file has 3 bytes"));
    assertThat(Files.readString(quarantined(landed)), equalTo("bar"));
    assertThat(
        Files.readString(Path.of(quarantined(landed) + ".reason.txt")),
        containsString("should have 4"));
    assertThat(Files.exists(sidecar(landed)), equalTo(false));
    assertThat(Landings.orphans(landing), empty());
    assertThat(quarantine(), empty());
  }

  @Test
  void aSidecarOfAnotherRequestIsQuarantinedAndItsFileIsLookedAtAnew() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    String text = Files.readString(sidecar(landed));
    Files.writeString(sidecar(landed), text.replace("ZL.v.0", "ZS.v.0"));
    assertThat(Landings.list(landing), empty());
    assertThat(quarantine().toString(), containsString("another than its chunk id stands for"));
    assertThat(Files.exists(Path.of(landed.getFile())), equalTo(true));
    assertThat(Landings.orphans(landing).size(), equalTo(1));
  }

  @Test
  void aSidecarWhoseFileIsGoneIsQuarantined() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    Files.delete(Path.of(landed.getFile()));
    assertThat(quarantine().toString(), containsString("its file is missing"));
    assertThat(Files.exists(sidecar(landed)), equalTo(false));
    assertThat(landing.newest(ZL), equalTo(Optional.empty()));
  }

  @Test
  void aWholeFileIsReadToItsEnd() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars of May");
    try (InputStream in = LandingArea.openVerified(landed)) {
      assertThat(in.read(), equalTo((int) 'b'));
      assertThat(in.skip(3), equalTo(3L));
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8), equalTo(" of May"));
      assertThat(in.read(), equalTo(-1));
    }
    LandingArea.verify(landed);
  }

  @Test
  void changedBytesAreFoundAtTheEnd() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    Files.writeString(Path.of(landed.getFile()), "barz");
    assertThat("the size is right", Landings.list(landing), contains(landed));
    try (InputStream in = LandingArea.openVerified(landed)) {
      assertThat(new String(in.readNBytes(4), StandardCharsets.UTF_8), equalTo("barz"));
      DamagedAnswerException e = assertThrows(DamagedAnswerException.class, in::read);
      assertThat(
          e.getMessage(),
          containsString("The landed file " + landed.getFile() + " is damaged: sha256 is "));
      assertThat(e.getMessage(), containsString("should be " + landed.getSha256()));
    }
    assertThrows(DamagedAnswerException.class, () -> LandingArea.verify(landed));
  }

  @Test
  void missingBytesAreFoundAtTheEnd() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    Files.writeString(Path.of(landed.getFile()), "bar");
    DamagedAnswerException e =
        assertThrows(DamagedAnswerException.class, () -> LandingArea.verify(landed));
    assertThat(e.getMessage(), containsString("it has 3 bytes and should have 4"));
  }

  @Test
  void withoutSha256NothingIsChecked() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    landed.setSha256("");
    Files.writeString(Path.of(landed.getFile()), "barz");
    LandingArea.verify(landed);
  }

  @Test
  void theGenerationBeforeStandsForWhatIsSetAside() throws IOException {
    LandedChunk first = Landings.land(landing, ZL, "bars");
    LandedChunk second = Landings.land(landing, ZL, "other bars");
    LandingArea.setAside(second, "it is damaged");
    assertThat(landing.newest(ZL), equalTo(Optional.of(first)));
    assertThat(Landings.list(landing), contains(first));
    assertThat(Landings.orphans(landing), empty());
    Path moved = quarantined(second);
    assertThat(Files.readString(moved), equalTo("other bars"));
    assertThat(Files.readString(Path.of(moved + ".reason.txt")).trim(), equalTo("it is damaged"));
    LandingArea.setAside(second, "it is damaged");
    assertThat(
        endings(),
        contains(
            "contracts.json",
            "contracts.json",
            "dbn.zst",
            "dbn.zst",
            "dbn.zst.reason.txt",
            "json",
            "json"));
    LandedChunk third = Landings.land(landing, ZL, "new bars");
    assertThat(third.getAskedAtNs(), greaterThanOrEqualTo(second.getAskedAtNs()));
  }

  @Test
  void whatIsSetAsideTwiceStaysTwice() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    Path file = Path.of(landed.getFile());
    LandingArea.setAside(landed, "once");
    Files.writeString(file, "mended");
    LandingArea.setAside(landed, "twice");
    assertThat(Files.readString(quarantined(landed)), equalTo("bars"));
    assertThat(Files.readString(Path.of(quarantined(landed) + ".2")), equalTo("mended"));
    assertThat(landing.newest(ZL), equalTo(Optional.empty()));
    assertThat(Landings.orphans(landing), empty());
  }

  @Test
  void itIsTheSameElsewhere() throws IOException {
    LandingArea elsewhere = LandingArea.at("memory://" + folder.getFileName());
    LandedChunk landed = Landings.land(elsewhere, ZL, "bars");
    LandingArea.verify(landed);
    LandingArea.setAside(landed, "it is damaged");
    assertThat(elsewhere.newest(ZL), equalTo(Optional.empty()));
    assertThat(
        MemoryFileSystem.names().stream()
            .filter(name -> name.contains(folder.getFileName().toString()))
            .filter(name -> name.contains("/quarantine/databento/GLBX.MDP3/"))
            .count(),
        equalTo(4L));
  }

  @Test
  void whatHasNoFileCannotBeSetAside() {
    LandedChunk failed = Landings.outcome(ZL, LandedState.FAILED, 1);
    assertThrows(
        IllegalArgumentException.class, () -> LandingArea.setAside(failed, "it is damaged"));
  }
}
