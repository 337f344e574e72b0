package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnSchema;
import dev.backfill.io.dbn.DbnWriter;
import dev.backfill.io.dbn.ErrorRecord;
import dev.backfill.io.dbn.RType;
import dev.backfill.io.dbn.RecordHeader;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Only a whole answer to what was asked is taken. */
class AnswerCheckTest extends LanderFixture {
  @Test
  void aBodyCutAnywhereIsAskedAgain() throws IOException {
    byte[] whole = client.whole(ChunkDownload.query(ZL));
    for (int length = 0; length < whole.length; length += 7) {
      int cut = length;
      Chunk chunk = Chunks.of("continuous", Chunks.START, Chunks.END, "ZL.v.0");
      client.replies.add(
          cut % 2 == 0
              ? q -> FakeClient.body(Arrays.copyOf(whole, cut))
              : q -> FakeClient.broken(whole, cut));
      LandedChunk landed = lander.landAgain(chunk, "run-" + cut);
      assertThat("cut at " + cut, landed.getRecordCount(), equalTo(31L));
      assertThat(landed.getAttempts(), equalTo(2));
      assertThat(landing.requests("run-" + cut).get(0).outcome(), equalTo(RequestEntry.CUT));
    }
    assertThat(client.replies, empty());
    assertThat(files(".tmp"), empty());
  }

  @Test
  void whatBrokeOffIsPaidFor() throws IOException {
    byte[] plain = client.whole(ChunkDownload.query(ZL));
    client.replies.add(q -> FakeClient.broken(plain, plain.length));
    LandedChunk landed = land(ZL);
    assertThat(landed.getAttempts(), equalTo(2));
    // The decoder holds back up to a kilobyte, which the estimate then leaves out.
    assertThat(landed.getCostEstimateUsd(), closeTo(0.053, 0.01));
    assertThat(outcomes(), contains(RequestEntry.CUT, RequestEntry.OK));
  }

  @Test
  void anAnswerToAnotherRequestIsRefusedAtOnce() throws IOException {
    List<UnaryOperator<DbnMetadata>> changes =
        List.of(
            m -> m.toBuilder().dataset("IFEU.IMPACT").build(),
            m -> m.toBuilder().schema(DbnSchema.OHLCV_1H).build(),
            m -> m.toBuilder().stypeIn(SType.PARENT).build(),
            m -> m.toBuilder().symbols(List.of("ZL.v.0", "CL.v.0")).build(),
            m -> m.toBuilder().startNs(Chunks.START + 1).build(),
            m -> m.toBuilder().endNs(Chunks.END + 1).build(),
            m -> m.toBuilder().limit(10).build());
    for (UnaryOperator<DbnMetadata> change : changes) {
      client.replies.add(q -> FakeClient.body(client.answer(q, 31, change)));
      LandedChunk failed = land(ZL);
      assertThat(failed.getState(), equalTo(LandedState.FAILED));
      assertThat(failed.getAttempts(), equalTo(1));
      assertThat(failed.getError(), containsString("is not the answer to it: asked for "));
    }
  }

  @Test
  void symbolsMayComeInAnotherOrder() throws IOException {
    client.replies.add(
        q ->
            FakeClient.body(
                client.answer(
                    q, 31, m -> m.toBuilder().symbols(List.of("CL.v.0", "ZL.v.0")).build())));
    assertThat(land(Chunks.continuous("ZL.v.0", "CL.v.0")).getState(), equalTo(LandedState.LANDED));
  }

  @Test
  void barsThatCannotBeAreNotTaken() throws IOException {
    record Bad(String why, FakeClient.Reply reply) {}
    for (Bad bad :
        List.of(
            new Bad("outside the range", q -> bars(q, Chunks.START, Chunks.END)),
            new Bad("outside the range", q -> bars(q, Chunks.START - 1)),
            new Bad(
                "before 2024-01-02T00:00:00Z",
                q -> bars(q, Chunks.START + Times.DAY_NS, Chunks.START)),
            new Bad("of type 34, not 35", this::hourlyBar),
            new Bad("the service reports an error in it: out of order", this::errorRecord))) {
      for (int i = 0; i < 4; i++) {
        client.replies.add(bad.reply());
      }
      LandedChunk failed = land(ZL);
      assertThat(failed.getState(), equalTo(LandedState.FAILED));
      assertThat(failed.getError(), containsString(bad.why()));
      assertThat(failed.getAttempts(), equalTo(4));
    }
  }

  private HistoricalClient.Answer bars(HistoricalClient.Query query, long... times)
      throws IOException {
    return written(
        query,
        writer -> {
          for (long time : times) {
            FakeClient.bar(writer, query, 100, time);
          }
        });
  }

  private HistoricalClient.Answer hourlyBar(HistoricalClient.Query query) throws IOException {
    return written(
        query, writer -> writer.ohlcv(RType.OHLCV_1H, 1, 100, Chunks.START, 1, 1, 1, 1, 1));
  }

  private HistoricalClient.Answer errorRecord(HistoricalClient.Query query) throws IOException {
    return written(
        query,
        writer ->
            writer.write(
                new ErrorRecord(
                    new RecordHeader(RType.ERROR, 0, 0, Chunks.START), "out of order", 1, 1)));
  }

  private interface Writing {
    void to(DbnWriter writer) throws IOException;
  }

  private HistoricalClient.Answer written(HistoricalClient.Query query, Writing writing)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DbnWriter writer = new DbnWriter(bytes, client.metadata(query))) {
      writing.to(writer);
    }
    return FakeClient.body(bytes.toByteArray());
  }
}
