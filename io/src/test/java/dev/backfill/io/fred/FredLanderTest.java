package dev.backfill.io.fred;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.ZstdInputStream;
import dev.backfill.io.http.Reply;
import dev.backfill.io.http.ScriptedServer;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FredLanderTest {
  private static final String FIRST = FredFixture.page(3, 0, 2, "2024-01-01 1.5", "2024-02-01 .");
  private static final String SECOND = FredFixture.page(3, 2, 2, "2024-03-01 -36.98");
  private static final String UNKNOWN =
      "{\"error_code\":400,\"error_message\":\"Bad Request.  The series does not exist.\"}";

  @TempDir Path folder;

  private final FredFixture fixture = new FredFixture();

  private static Chunk chunk() {
    List<String> ids = List.of("GDP");
    long start = Fred.WHOLE.startNs();
    long end = Fred.WHOLE.endNs();
    String id =
        ChunkId.of(Fred.SOURCE, Fred.DATASET, Fred.OBSERVATIONS, Fred.STYPE, ids, start, end);
    return new Chunk(
        id, Fred.SOURCE, Fred.DATASET, Fred.OBSERVATIONS, Fred.STYPE, ids, start, end, -1L, 0d, 0L);
  }

  private LandingArea landing() {
    return LandingArea.at(folder.toString());
  }

  private LandedChunk land(String runId, boolean again, ScriptedServer server) throws IOException {
    FredLanding options =
        FredLanding.of(
                landing(),
                FredFixture.options(server.url(), 100),
                "emulator:1:1",
                runId,
                FredFixture.THREE)
            .withNewGeneration(again)
            .withPageSize(2);
    try (FredClient client = fixture.connect(server.url());
        RequestJournal journal = landing().journal()) {
      return new FredLander(options, client, journal, fixture.time, fixture.time).land(chunk());
    }
  }

  @Test
  void whatWasSaidOfTheSeriesAndAllPagesLandAsTheyWereSent() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            Reply.ok(FredFixture.series("GDP")), Reply.ok(FIRST), Reply.ok(SECOND))) {
      LandedChunk landed = land("run-1", false, server);
      assertThat(landed.getState(), is(LandedState.LANDED));
      assertThat(landed.getRecordCount(), is(3L));
      assertThat(landed.getVerified(), is(true));
      assertThat(
          Times.instant(landed.getSourceModifiedNs()), is(Instant.parse("2025-12-15T21:16:04Z")));
      LandingArea.verify(landed);
      try (InputStream in = new ZstdInputStream(LandingArea.open(landed.getFile()))) {
        assertThat(
            new String(in.readAllBytes(), StandardCharsets.UTF_8),
            is(FredFixture.series("GDP") + "\n" + FIRST + "\n" + SECOND));
      }
      assertThat(
          landing().list(Fred.SOURCE, Fred.DATASET, Fred.OBSERVATIONS, Fred.STYPE),
          is(List.of(landed)));
      assertThat(
          "asked again, in this run or another, nothing is fetched",
          land("run-2", false, server),
          is(landed));
      assertThat(
          landing().requests().stream().map(RequestEntry::outcome).toList(),
          is(List.of(RequestEntry.OK, RequestEntry.OK)));
    }
  }

  @Test
  void aNewGenerationLandsBesideTheOldOneOnceForARun() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            Reply.ok(FredFixture.series("GDP")),
            Reply.ok(FIRST),
            Reply.ok(SECOND),
            Reply.ok(FredFixture.series("GDP")),
            Reply.ok(FIRST),
            Reply.ok(SECOND))) {
      land("run-1", false, server);
      LandedChunk second = land("run-2", true, server);
      assertThat(land("run-2", true, server), is(second));
      assertThat(
          landing().list(Fred.SOURCE, Fred.DATASET, Fred.OBSERVATIONS, Fred.STYPE).size(), is(2));
    }
  }

  @Test
  void aPageThatIsNotWholeIsAskedForAgainAndThenTheSeriesFails() throws IOException {
    Reply shortPage = Reply.ok(FredFixture.page(3, 0, 2, "2024-01-01 1.5"));
    try (ScriptedServer server =
        ScriptedServer.start(
            Reply.ok(FredFixture.series("GDP")),
            shortPage,
            Reply.ok(FIRST.substring(0, 100)),
            shortPage)) {
      LandedChunk landed = land("run-1", false, server);
      assertThat(landed.getState(), is(LandedState.FAILED));
      assertThat(
          landed.getError(),
          containsString(
              "failed after 3 attempts: The answer to fred/series/observations of GDP cannot be"
                  + " used: it came incomplete: a page has 1 observations where it should have 2"));
      assertThat(
          landing().requests().stream().map(RequestEntry::outcome).toList(),
          is(List.of(RequestEntry.CUT, RequestEntry.CUT, RequestEntry.CUT)));
    }
  }

  @Test
  void aSeriesThatIsChangedBetweenItsPagesFails() throws IOException {
    String other = FredFixture.page(5, 2, 2, "2024-03-01 1", "2024-04-01 1");
    String last = FredFixture.page(5, 4, 2, "2024-05-01 1");
    try (ScriptedServer server =
        ScriptedServer.start(
            Reply.ok(FredFixture.series("GDP")),
            Reply.ok(FIRST),
            Reply.ok(other),
            Reply.ok(last))) {
      LandedChunk landed = land("run-1", false, server);
      assertThat(landed.getState(), is(LandedState.FAILED));
      assertThat(landed.getError(), containsString("it was changed meanwhile"));
    }
  }

  @Test
  void whatTheServiceDoesNotKnowIsKeptAsThat() throws IOException {
    try (ScriptedServer server = ScriptedServer.start(Reply.status(400, UNKNOWN))) {
      LandedChunk landed = land("run-1", false, server);
      assertThat(landed.getState(), is(LandedState.UNRESOLVED));
      assertThat(landed.getHttpStatus(), is(400));
    }
  }

  @Test
  void whatTheServiceHasWithdrawnFailsAndLeavesWhatHasLanded() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            Reply.ok(FredFixture.series("GDP")),
            Reply.ok(FIRST),
            Reply.ok(SECOND),
            Reply.status(400, UNKNOWN))) {
      LandedChunk first = land("run-1", false, server);
      LandedChunk second = land("run-2", true, server);
      assertThat(second.getState(), is(LandedState.FAILED));
      assertThat(second.getError(), containsString("The series does not exist"));
      assertThat(landing().look(chunk()).newest(), is(Optional.of(first)));
    }
  }

  @Test
  void aRefusedKeyIsNoOutcomeOfTheSeries() throws IOException {
    String key = "{\"error_code\":400,\"error_message\":\"Bad Request.  Variable api_key is bad\"}";
    try (ScriptedServer server = ScriptedServer.start(Reply.status(400, key))) {
      assertThrows(FredApiException.class, () -> land("run-1", false, server));
      assertThat(
          landing().list(Fred.SOURCE, Fred.DATASET, Fred.OBSERVATIONS, Fred.STYPE), is(List.of()));
    }
  }
}
