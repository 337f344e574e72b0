package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.landing.DamagedAnswerException;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A landed file is damaged on the disk without a change of its size. */
class DamagedAnswerTest extends LanderFixture {
  @Test
  void noChangedByteIsDecoded() throws IOException {
    LandedChunk landed = land(ZL);
    Path file = Path.of(landed.getFile());
    byte[] bytes = Files.readAllBytes(file);
    int foundAtTheEnd = 0;
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      IOException e = assertThrows(IOException.class, () -> decode(landed), "byte " + at);
      foundAtTheEnd += e instanceof DamagedAnswerException ? 1 : 0;
      assertThrows(DamagedAnswerException.class, () -> LandingArea.verify(landed));
    }
    assertThat("changes that the format allows", foundAtTheEnd, greaterThan(0));
  }

  private static void decode(LandedChunk landed) throws IOException {
    try (BarDecoder bars = BarDecoder.open(landed)) {
      bars.forEach(bar -> {});
    }
  }

  @Test
  void whatIsSetAsideIsBoughtAgain() throws IOException {
    LandedChunk damaged = land(ZL);
    LandingArea.setAside(damaged, "it is damaged");
    LandedChunk again = land(ZL);
    assertThat(client.asked, hasSize(2));
    assertThat(again.getAskedAtNs(), equalTo(damaged.getAskedAtNs()));
    assertThat(again.getSha256(), equalTo(damaged.getSha256()));
  }
}
