package dev.backfill.emulator.http;

import static dev.backfill.emulator.http.Probe.DAYS;
import static dev.backfill.emulator.http.Probe.json;
import static dev.backfill.emulator.http.Probe.with;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.io.dbn.DbnFormatException;
import dev.backfill.io.dbn.DbnReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private static final String RANGE = "timeseries.get_range";
  private static final String COUNT = "metadata.get_record_count";
  private static final Map<String, String> PLAIN =
      with(DAYS, "schema", "ohlcv-1m", "encoding", "dbn");
  private static final Map<String, String> ZSTD = with(PLAIN, "compression", "zstd");

  private static EmulatorServer server;
  private static Probe probe;
  private static byte[] plain;
  private static byte[] zstd;

  @BeforeAll
  static void start() throws IOException {
    server =
        EmulatorServer.start(
            EmulatorConfig.builder()
                .clock(EmulatorClock.fixed(Instant.parse("2025-12-16T00:00:00Z")))
                .rateLimitFactor(0)
                .build());
    probe = new Probe(server);
    plain = probe.post(RANGE, PLAIN).body();
    zstd = probe.post(RANGE, ZSTD).body();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void clear() {
    server.faults().clear();
    server.ledger().clear();
  }

  private static int records(byte[] dbn) throws IOException {
    int records = 0;
    try (DbnReader reader = DbnReader.open(new ByteArrayInputStream(dbn))) {
      while (reader.next()) {
        records++;
      }
    }
    return records;
  }

  @Test
  void aStatusHasRetryAfterAndAPageAndIsOverAfterItsTimes() throws IOException {
    server.faults().add(Fault.status(429).retryAfter(7).times(2));
    server.faults().add(Fault.status(503));
    server.faults().add(Fault.status(500));
    assertThat(probe.post(RANGE, PLAIN).headers().firstValue("Retry-After").orElse(""), is("7"));
    assertThat(probe.post(RANGE, PLAIN).statusCode(), is(429));
    HttpResponse<byte[]> unavailable = probe.post(RANGE, PLAIN);
    assertThat(unavailable.statusCode(), is(503));
    assertThat(Probe.text(unavailable), containsString("<html>"));
    assertThat(probe.post(RANGE, PLAIN).statusCode(), is(500));
    assertThat(probe.post(RANGE, PLAIN).body(), equalTo(plain));
    assertThat(server.faults().hits(), is(4));
  }

  @Test
  void aFaultStrikesOnlyItsMethodsAndSymbolsAndAfterItsSkips() throws IOException {
    server.faults().add(Fault.status(500).on(COUNT));
    assertThat(probe.post(RANGE, PLAIN).statusCode(), is(200));
    assertThat(probe.post(COUNT, PLAIN).statusCode(), is(500));
    server.faults().add(Fault.status(500).forSymbol("ZL.v.0"));
    assertThat(probe.post(RANGE, PLAIN).statusCode(), is(200));
    assertThat(probe.post(RANGE, with(PLAIN, "symbols", "ES.v.0,ZL.v.0")).statusCode(), is(500));
    server.faults().add(Fault.status(500).after(1));
    assertThat(probe.post(RANGE, PLAIN).statusCode(), is(200));
    assertThat(probe.post(RANGE, PLAIN).statusCode(), is(500));
  }

  @Test
  void chanceIsDrawnFromTheSeed() {
    int[] hits =
        IntStream.of(1, 1, 2)
            .map(
                seed -> {
                  Faults faults = new Faults(seed);
                  faults.add(Fault.status(500).withProbability(0.3));
                  return IntStream.range(0, 64)
                      .map(i -> faults.strike(RANGE, java.util.List.of()) == null ? 0 : 1)
                      .reduce(0, (a, b) -> a * 31 + b);
                })
            .toArray();
    assertThat(hits[0], is(hits[1]));
    assertThat(hits[0], is(not(hits[2])));
    Faults faults = new Faults(5);
    faults.add(Fault.status(500).withProbability(0.3));
    IntStream.range(0, 1000).forEach(i -> faults.strike(RANGE, java.util.List.of()));
    assertThat(Math.abs(faults.hits() - 300) < 60, is(true));
  }

  @Test
  void aDelayHoldsTheFirstByteAndAStallTheMiddle() throws IOException {
    for (Fault fault : new Fault[] {Fault.delay(150), Fault.stall(plain.length / 2, 150)}) {
      server.faults().add(fault);
      long begin = System.nanoTime();
      assertThat(probe.post(RANGE, PLAIN).body(), equalTo(plain));
      assertThat(System.nanoTime() - begin, is(greaterThanOrEqualTo(150_000_000L)));
    }
  }

  @Test
  void aTrickleIsSlowAndWhole() throws IOException {
    server.faults().add(Fault.trickle(zstd.length * 5L));
    long begin = System.nanoTime();
    assertThat(probe.post(RANGE, ZSTD).body(), equalTo(zstd));
    assertThat(System.nanoTime() - begin, is(greaterThanOrEqualTo(150_000_000L)));
  }

  @Test
  void aResetBreaksTheConnectionBeforeOrInTheBody() {
    server.faults().add(Fault.reset(0));
    assertThrows(IOException.class, () -> probe.post(RANGE, PLAIN));
    server.faults().add(Fault.reset(50_000));
    IOException e = assertThrows(IOException.class, () -> probe.post(RANGE, PLAIN));
    assertThat(e, is(instanceOf(IOException.class)));
    assertThat(server.ledger().entries().get(0).status(), is(0));
    assertThat(server.ledger().entries().size(), is(2));
  }

  @Test
  void aCutBodyWithAProperEndLooksWhole() throws IOException {
    for (byte[] whole : new byte[][] {plain, zstd}) {
      for (int at : new int[] {0, 1, 100, whole.length / 2, whole.length - 1}) {
        server.faults().add(Fault.cut(at, true));
        HttpResponse<byte[]> response = probe.post(RANGE, whole == plain ? PLAIN : ZSTD);
        assertThat(response.statusCode(), is(200));
        assertThat(response.body(), equalTo(Arrays.copyOf(whole, at)));
      }
    }
  }

  @Test
  void aCutBodyWithoutAProperEndIsAnError() {
    for (int at : new int[] {1, 100, zstd.length - 1}) {
      server.faults().add(Fault.cut(at, false));
      assertThrows(IOException.class, () -> probe.post(RANGE, ZSTD));
    }
  }

  @Test
  void aBodyCutInsideARecordStillDecompresses() throws IOException {
    server.faults().add(Fault.cutRecord(10).times(2));
    byte[] cut = probe.post(RANGE, PLAIN).body();
    assertThat(cut, equalTo(Arrays.copyOf(plain, cut.length)));
    assertThat((plain.length - cut.length) % 56, is(36));
    assertThrows(IOException.class, () -> records(cut));
    byte[] packed = probe.post(RANGE, ZSTD).body();
    // The frame ends properly, so what is wrong is found in the records, not in the compression.
    IOException e = assertThrows(IOException.class, () -> records(packed));
    assertThat(e, is(instanceOf(DbnFormatException.class)));
    assertThat(e.getMessage(), containsString("record"));
  }

  @Test
  void aBodyCutBetweenFramesDecodesWithoutAWord() throws IOException {
    server.faults().add(Fault.cutBetweenFrames(10));
    assertThat(records(probe.post(RANGE, ZSTD).body()), is(10));
    assertThat(server.ledger().entries().get(0).records(), is(10L));
  }

  @Test
  void aCorruptByteIsWhereItWasAskedFor() throws IOException {
    server.faults().add(Fault.corrupt(1000));
    byte[] body = probe.post(RANGE, ZSTD).body();
    assertThat(body.length, is(zstd.length));
    assertThat(Arrays.mismatch(body, zstd), is(1000));
    body[1000] = zstd[1000];
    assertThat(body, equalTo(zstd));
  }

  @Test
  void aWrongChecksumIsNoticedByTheDecoder() throws IOException {
    server.faults().add(Fault.checksum());
    byte[] body = probe.post(RANGE, ZSTD).body();
    assertThat(Arrays.mismatch(body, zstd), is(zstd.length - 1));
    assertThrows(IOException.class, () -> records(body));
  }

  @Test
  void droppedBarsLeaveTheFramingRight() throws IOException {
    server.faults().add(Fault.dropBars(10));
    int all = records(zstd);
    assertThat(records(probe.post(RANGE, ZSTD).body()), is(all - all / 10));
    assertThat(json(probe.post(COUNT, PLAIN)).asInt(), is(all));
  }

  @Test
  void aCountCanBeOff() throws IOException {
    server.faults().add(Fault.countOff(5));
    int all = records(zstd);
    assertThat(json(probe.post(COUNT, PLAIN)).asInt(), is(all + all * 5 / 100));
    assertThat(json(probe.post(COUNT, PLAIN)).asInt(), is(all));
    server.faults().add(Fault.countOff(-1));
    assertThat(json(probe.post(COUNT, DAYS)).asInt(), is(2));
  }

  @Test
  void faultsAndLedgerAreSteeredOverHttp() throws IOException {
    String faults =
        "[{\"kind\":\"cut\",\"at\":40,\"clean\":true},"
            + "{\"kind\":\"status\",\"status\":429,\"retry_after\":3,\"methods\":[\""
            + COUNT
            + "\"]}]";
    assertThat(probe.raw("POST", "/control/faults", faults).statusCode(), is(200));
    assertThat(probe.post(RANGE, PLAIN).body().length, is(40));
    assertThat(probe.post(COUNT, PLAIN).headers().firstValue("Retry-After").orElse(""), is("3"));
    assertThat(
        json(probe.raw("GET", "/control/faults", "")).get(0).asText(), containsString("hits=1"));
    HttpResponse<byte[]> unknown = probe.raw("POST", "/control/faults", "{\"kind\":\"flood\"}");
    assertThat(unknown.statusCode(), is(400));
    assertThat(Probe.text(unknown), containsString("cut_record"));
    assertThat(json(probe.raw("GET", "/control/ledger", "")).size(), is(2));
    assertThat(probe.raw("POST", "/control/reset", "").statusCode(), is(200));
    assertThat(json(probe.raw("GET", "/control/ledger", "")).size(), is(0));
    assertThat(probe.post(RANGE, PLAIN).body(), equalTo(plain));
  }

  @Test
  void faultsCanBeWrittenAsText() {
    assertThat(
        FaultSpec.parse("cut:at=1000,clean=false,times=2"), is(Fault.cut(1000, false).times(2)));
    assertThat(FaultSpec.parse("cut-between-frames:at=5"), is(Fault.cutBetweenFrames(5)));
    assertThat(
        FaultSpec.parse("status:status=429,retry_after=4,methods=" + COUNT + "+" + RANGE),
        is(Fault.status(429).retryAfter(4).on(COUNT, RANGE)));
    assertThat(
        FaultSpec.parse("stall:at=10,millis=50,probability=0.25"),
        is(Fault.stall(10, 50).withProbability(0.25)));
    for (String wrong : new String[] {"flood", "cut:where=1", "cut:at=x", "cut:at"}) {
      assertThrows(IllegalArgumentException.class, () -> FaultSpec.parse(wrong));
    }
  }

  @Test
  void theLedgerSaysWhatWasBilled() throws IOException {
    probe.post(RANGE, DAYS);
    probe.post(COUNT, DAYS);
    probe.post(RANGE, with(DAYS, "symbols", "LB.v.0"));
    var entries = server.ledger().entries();
    assertThat(
        entries.get(0),
        is(
            new BilledLedger.Entry(
                1,
                RANGE,
                "…00000",
                "ohlcv-1d",
                "ES.v.0",
                "2024-03-04",
                "2024-03-07",
                168,
                3,
                200)));
    assertThat(entries.get(1).bytes(), is(0L));
    assertThat(entries.get(2).status(), is(422));
    assertThat(server.ledger().billedBytes(), is(168L));
  }
}
