package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.io.http.FakeTime;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A lander on a folder of its own, before a service that does as it is told. */
abstract class LanderFixture {
  static final Chunk ZL = Chunks.continuous("ZL.v.0");
  static final String RUN = "run-1";
  static final RetryPolicy POLICY =
      new RetryPolicy(4, Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofHours(1));

  @TempDir Path folder;
  LandingArea landing;
  FakeClient client;
  FakeTime time;
  RequestJournal journal;
  ChunkLander lander;

  @BeforeEach
  void open() {
    landing = LandingArea.at(folder.toString());
    client = new FakeClient();
    time = new FakeTime();
    journal = landing.journal();
    lander = new ChunkLander(client, landing, journal, "emulator:fake:1", POLICY, time, time);
  }

  @AfterEach
  void everyAnswerIsClosed() throws IOException {
    journal.close();
    assertThat(client.openAnswers.get(), equalTo(0));
  }

  List<Path> files(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(ending))
          .toList();
    }
  }

  List<String> outcomes() throws IOException {
    return landing.requests().stream().map(RequestEntry::outcome).toList();
  }

  LandedChunk land(Chunk chunk) throws IOException {
    LandedChunk landed = lander.land(chunk, RUN);
    assertThat("no temporary file is left", files(".tmp"), empty());
    return landed;
  }
}
