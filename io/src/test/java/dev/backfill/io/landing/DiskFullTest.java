package dev.backfill.io.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A disk that is full in the middle of a file leaves nothing that anybody would read. */
class DiskFullTest {
  private static final Chunk ZL = Landings.chunk("ZL.v.0");
  private static final byte[] BARS = new byte[1_000];

  private static List<String> names(String root) {
    return MemoryFileSystem.names().stream().filter(name -> name.startsWith(root)).toList();
  }

  @Test
  void anAnswerThatDoesNotFitIsNotThereAndLandsOnceThereIsRoom() throws IOException {
    String root = "memory://full-answer";
    LandingArea landing = LandingArea.at(root);
    MemoryFileSystem.room(root, 1_500);
    assertThrows(
        UncheckedIOException.class,
        () -> {
          try (PendingAnswer answer = landing.begin(ZL, 1, "dbn.zst", "1")) {
            answer.write(BARS, 0, BARS.length);
            answer.write(BARS, 0, BARS.length);
            answer.publish();
          }
        });
    assertThat(names(root), empty());
    assertThat(landing.newest(ZL), equalTo(Optional.empty()));

    MemoryFileSystem.room(root, Long.MAX_VALUE);
    LandedChunk landed = Landings.land(landing, ZL, "bars");
    assertThat(Landings.list(landing), contains(landed));
  }

  @Test
  void anAnswerWhoseSidecarDoesNotFitIsKeptToBeAdopted() throws IOException {
    String root = "memory://full-sidecar";
    LandingArea landing = LandingArea.at(root);
    MemoryFileSystem.room(root, 1_001);
    try (PendingAnswer answer = landing.begin(ZL, 1, "dbn.zst", "1")) {
      answer.write(BARS, 0, BARS.length);
      answer.publish();
    }
    assertThrows(
        UncheckedIOException.class,
        () -> landing.record(Landings.outcome(ZL, LandedState.UNRESOLVED, 1)));
    assertThat("the answer alone", names(root), hasSize(1));
    assertThat(landing.newest(ZL), equalTo(Optional.empty()));
    assertThat(Landings.orphans(landing), hasSize(1));
  }
}
