package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Only the newest part of a chunk needs a licence. */
class LicensedPartTest extends LanderFixture {
  private static final long TENTH = Times.nanos(LocalDate.of(2024, 1, 10));
  private static final Chunk PART = Chunks.of("continuous", Chunks.START, TENTH, "ZL.v.0");
  private static final String REST =
      "Not asked, because this key has no licence for it yet: 2024-01-10 to" + " 2024-02-01";

  private void refuseBeyond(String end) {
    client.replies.add(
        q -> {
          throw DatabentoApiException.of(
              "timeseries.get_range",
              422,
              "req-422",
              null,
              "{\"detail\": {\"case\": \"dataset_unavailable_range\", \"message\": \"Part of it"
                  + " needs a licence. Try again with an end time before "
                  + end
                  + ".\"}}");
        });
  }

  @Test
  void thePartBeforeItLandsToAWholeEdge() throws IOException {
    refuseBeyond("2024-01-10T16:20:00.000000000Z");
    LandedChunk landed = land(ZL);
    assertThat(landed.getState(), equalTo(LandedState.LANDED));
    assertThat(landed.getChunk().getChunkId(), equalTo(PART.getChunkId()));
    assertThat(landed.getChunk().getEndNs(), equalTo(TENTH));
    assertThat(landed.getChunk().getUsdPerRecord(), equalTo(ZL.getUsdPerRecord()));
    assertThat(landed.getRecordCount(), equalTo(9L));
    assertThat(landed.getVerified(), equalTo(true));
    assertThat(landed.getWarnings(), contains("Warning: reduced quality", REST));
    assertThat(landing.list("databento", "GLBX.MDP3", "ohlcv-1d", "continuous"), contains(landed));
    assertThat(
        landing.requests().stream().map(RequestEntry::chunkId).toList(),
        contains(ZL.getChunkId(), PART.getChunkId()));
  }

  @Test
  void calledAgainItBuysNothing() throws IOException {
    refuseBeyond("2024-01-10T16:20:00Z");
    LandedChunk landed = land(ZL);
    refuseBeyond("2024-01-10T16:20:00Z");
    assertThat(lander.landAgain(ZL, RUN), equalTo(landed));
    refuseBeyond("2024-01-10T16:20:00Z");
    assertThat(land(ZL), equalTo(landed));
    assertThat(client.asked.stream().filter(q -> q.endNs() == TENTH).toList(), hasSize(1));
  }

  @Test
  void theEndIsFollowedOnce() throws IOException {
    refuseBeyond("2024-01-10T16:20:00Z");
    refuseBeyond("2024-01-05T00:00:00Z");
    LandedChunk outcome = land(ZL);
    assertThat(outcome.getState(), equalTo(LandedState.NOT_ENTITLED));
    assertThat(outcome.getChunk().getChunkId(), equalTo(PART.getChunkId()));
    assertThat(outcome.getWarnings(), contains(REST));
    assertThat(client.asked, hasSize(2));
  }

  @Test
  void aPartThatFailsIsWhatFailed() throws IOException {
    refuseBeyond("2024-01-10T16:20:00Z");
    client.replies.add(
        q -> {
          throw FakeClient.refusal(422, "data_end_after_available_end");
        });
    LandedChunk outcome = land(ZL);
    assertThat(outcome.getState(), equalTo(LandedState.FAILED));
    assertThat(outcome.getChunk().getEndNs(), equalTo(TENTH));
    assertThat(land(ZL).getState(), equalTo(LandedState.LANDED));
  }

  @Test
  void whereNothingIsLeftTheKeyHasNoRight() throws IOException {
    for (String end :
        List.of("2024-01-01T23:59:59Z", "2023-01-01T00:00:00Z", "2024-02-01T00:00:00Z")) {
      refuseBeyond(end);
      LandedChunk outcome = land(ZL);
      assertThat(end, outcome.getState(), equalTo(LandedState.NOT_ENTITLED));
      assertThat(outcome.getChunk(), equalTo(ZL));
      assertThat(outcome.getError(), containsString(end));
      assertThat(outcome.getWarnings(), not(hasItem(containsString("Not asked"))));
    }
    assertThat(client.asked, hasSize(3));
  }

  private void refuse(int status, String detail) {
    client.replies.add(
        q -> {
          throw DatabentoApiException.of(
              "timeseries.get_range",
              status,
              "req-" + status,
              null,
              "{\"detail\": " + detail + "}");
        });
  }

  @Test
  void theEndThatALicenceIsMissingFromIsFollowedToo() throws IOException {
    refuse(
        403,
        "{\"case\": \"license_not_found_unauthorized\", \"message\": \"A live licence is needed for"
            + " data from 2024-01-10T16:20:00.000000000Z on.\"}");
    LandedChunk landed = land(ZL);
    assertThat(landed.getState(), equalTo(LandedState.LANDED));
    assertThat(landed.getChunk().getChunkId(), equalTo(PART.getChunkId()));
    assertThat(landed.getWarnings(), hasItem(REST));
  }

  @Test
  void aRefusalThatNamesNoTimeMeansNoRight() throws IOException {
    refuse(403, "{\"case\": \"license_not_found_unauthorized\", \"message\": \"No licence.\"}");
    assertThat(land(ZL).getState(), equalTo(LandedState.NOT_ENTITLED));
    assertThat(client.asked, hasSize(1));
  }

  @Test
  void anAvailableRangeIsFollowedOnceToWholeEdges() throws IOException {
    String range =
        ", \"message\": \"Outside.\", \"payload\": {\"available_start\":"
            + " \"2024-01-02T05:00:00Z\", \"available_end\": \"2024-01-10T16:20:00Z\"}}";
    for (String errorCase :
        List.of(
            "data_start_before_available_start",
            "data_end_after_available_end",
            "data_schema_not_fully_available")) {
      client.asked.clear();
      refuse(422, "{\"case\": \"" + errorCase + "\"" + range);
      refuse(422, "{\"case\": \"" + errorCase + "\"" + range);
      LandedChunk outcome = land(ZL);
      assertThat(outcome.getState(), equalTo(LandedState.FAILED));
      assertThat(outcome.getChunk().getStartNs(), equalTo(Times.nanos(LocalDate.of(2024, 1, 3))));
      assertThat(outcome.getChunk().getEndNs(), equalTo(TENTH));
      assertThat(
          outcome.getWarnings(),
          contains(
              "Not asked, because the service does not have it: 2024-01-01 to 2024-01-03,"
                  + " 2024-01-10 to 2024-02-01"));
      assertThat(client.asked, hasSize(2));
      client.replies.clear();
    }
  }
}
