package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.io.landing.Contracts;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contracts behind an answer land with it. */
class LandedContractsTest extends LanderFixture {
  @Test
  void contractsOfContinuousSymbolsLandToo() throws IOException {
    LandedChunk landed = land(Chunks.continuous("ZL.v.0", "CL.v.0"));
    assertThat(client.resolved, contains(List.of("100", "200")));
    Contracts contracts = LandingArea.contracts(landed).orElseThrow();
    int first = Times.epochDay(Chunks.START);
    assertThat(contracts.lookup(100, first), equalTo("CONTRACT100"));
    assertThat(contracts.lookup(200, first + 30), equalTo("CONTRACT200"));
    assertThat(contracts.lookup(100, first + 31), nullValue());
  }

  @Test
  void answersThatNameTheirContractsNeedNoMore() throws IOException {
    assertThat(land(Chunks.of("raw_symbol", "ESH4")).getContractsFile(), equalTo(""));
    client.instruments.put("ES.FUT", 300L);
    client.replies.add(
        q ->
            FakeClient.body(
                client.answer(
                    q,
                    31,
                    m ->
                        m.toBuilder()
                            .mappings(
                                List.of(new SymbolMapping("ESH4", m.mappings().get(0).intervals())))
                            .build())));
    assertThat(land(Chunks.of("parent", "ES.FUT")).getContractsFile(), equalTo(""));
    assertThat(client.resolved, empty());
  }

  @Test
  void aParentWhoseMappingsNameNoContractIsAskedFor() throws IOException {
    client.instruments.put("ES.FUT", 300L);
    LandedChunk landed = land(Chunks.of("parent", "ES.FUT"));
    assertThat(
        LandingArea.contracts(landed).orElseThrow().lookup(300, Times.epochDay(Chunks.START)),
        equalTo("CONTRACT300"));
  }

  @Test
  void manyContractsAreAskedInSeveralRequests() throws IOException {
    List<SymbolMapping> mappings =
        IntStream.range(0, 2_345)
            .mapToObj(
                id ->
                    new SymbolMapping(
                        "ZL.v.0",
                        List.of(
                            new MappingInterval(
                                Times.date(Chunks.START),
                                Times.date(Chunks.END),
                                Integer.toString(id)))))
            .toList();
    client.replies.add(
        q -> FakeClient.body(client.answer(q, 31, m -> m.toBuilder().mappings(mappings).build())));
    LandedChunk landed = land(ZL);
    assertThat(client.resolved.stream().map(List::size).toList(), contains(2_000, 345));
    assertThat(
        LandingArea.contracts(landed).orElseThrow().lookup(2_344, Times.epochDay(Chunks.START)),
        equalTo("CONTRACT2344"));
  }
}
