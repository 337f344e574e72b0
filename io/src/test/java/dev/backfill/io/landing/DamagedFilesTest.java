package dev.backfill.io.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
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
    assertThat(Files.readString(Path.of(second.getFile() + ".damaged")), equalTo("other bars"));
    LandingArea.setAside(second, "it is damaged");
    assertThat(
        endings(),
        contains(
            "contracts.json",
            "contracts.json",
            "dbn.zst",
            "dbn.zst.damaged",
            "json",
            "json.damaged"));
    LandedChunk third = Landings.land(landing, ZL, "new bars");
    assertThat(third.getAskedAtNs(), greaterThan(second.getAskedAtNs()));
  }

  @Test
  void whatIsSetAsideTwiceStaysTwice() throws IOException {
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    Path file = Path.of(landed.getFile());
    LandingArea.setAside(landed, "once");
    Files.writeString(file, "mended");
    LandingArea.setAside(landed, "twice");
    assertThat(Files.readString(Path.of(file + ".damaged")), equalTo("bars"));
    assertThat(Files.readString(Path.of(file + ".damaged2")), equalTo("mended"));
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
            .filter(name -> name.endsWith(".damaged"))
            .count(),
        equalTo(2L));
  }

  @Test
  void whatHasNoFileCannotBeSetAside() {
    LandedChunk failed = Landings.outcome(ZL, LandedState.FAILED, 1);
    assertThrows(
        IllegalArgumentException.class, () -> LandingArea.setAside(failed, "it is damaged"));
  }
}
