package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.BilledLedger;
import dev.backfill.emulator.http.Fault;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of requests, most of which meet a fault, of every kind that the emulator knows: the
 * table that comes out is the market's, row for row. 10,000 faults at full scale.
 */
@Tag("slow")
@EnabledIfSystemProperty(
    named = Trials.SCALE,
    matches = ".+",
    disabledReason = "takes minutes; mvn verify -Pslow runs it")
class FaultSoakTest {
  private static final BarSize SIZE = BarSize.HOUR;
  private static final int BYTES_OF_A_BAR = 56;
  private static final int FAULTS = 10_000;
  private static final int CHUNKS = 4_800;
  private static final int DAYS = 6;
  private static final int RECORDS_A_FRAME = 10;
  private static final int SMALLEST_BODY = 700;
  private static final int MOST_RUNS = 40;
  private static final List<Integer> STATUSES = List.of(500, 502, 503, 504, 408, 429);
  private static final int TRIES = 10;
  private static final LocalDate FIRST = LocalDate.parse("2012-01-02");
  private static final List<String> ROOTS =
      List.of("ZL", "6J", "CL", "ES", "ZN", "GC", "ZC", "ZS", "NG", "6E");

  @TempDir Path folder;

  private static List<String> symbols() {
    return ROOTS.stream().map(root -> root + ".v.0").toList();
  }

  @Test
  void theTableIsExactAfterThousandsOfFaults() throws IOException {
    long seed = Trials.seed();
    int chunks = Trials.scaled(CHUNKS);
    LocalDate end = FIRST.plusDays((long) DAYS * ((chunks + ROOTS.size() - 1) / ROOTS.size()));
    Job job = Desk.job(SIZE, symbols(), FIRST.toString(), end.toString(), 1, DAYS);
    EmulatorConfig.Builder service =
        EmulatorConfig.builder().faultSeed(seed).recordsPerFrame(RECORDS_A_FRAME);
    try (Desk desk = Desk.in(folder, service).givingUpAfter(Duration.ofMillis(400)).trying(TRIES)) {
      new Mischief(new Random(seed)).arm(desk);
      int runs = 0;
      int code;
      do {
        code = desk.run(desk.options(job).withSpend(SpendLimits.NONE));
        runs++;
      } while (code == 3 && runs < MOST_RUNS);
      System.out.println("Fault soak, seed " + seed + ", " + runs + " runs: " + figures(desk));

      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.emulator.faults().hits(), greaterThanOrEqualTo(Trials.scaled(FAULTS)));
      assertThat(unmet(desk), is(empty()));
      assertExact(desk, end);
      Books.assertConsistent(desk, SIZE);
    }
  }

  /** Kinds of faults that no request has met. */
  private static List<String> unmet(Desk desk) {
    Map<String, Integer> hits = desk.emulator.faults().hitsByKind();
    return Stream.concat(
            Arrays.stream(Fault.Kind.values())
                .filter(kind -> kind != Fault.Kind.STATUS)
                .map(kind -> kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')),
            STATUSES.stream().map(status -> "status " + status))
        .filter(kind -> hits.getOrDefault(kind, 0) == 0)
        .toList();
  }

  /** One root at a time: all rows as text would be too many at once. */
  private static void assertExact(Desk desk, LocalDate end) {
    long rows = 0;
    for (String root : ROOTS) {
      List<String> expected =
          TableRows.expected(
              desk.emulator.market(),
              SIZE,
              List.of(root),
              FIRST + "T00:00:00Z",
              end + "T00:00:00Z");
      assertSame(TableRows.ofSymbol(desk.database(), SIZE.futuresTable(), root), expected);
      rows += expected.size();
    }
    assertThat(
        TableRows.query(desk.database(), "SELECT count(*) FROM " + SIZE.futuresTable()),
        equalTo(List.of(String.valueOf(rows))));
  }

  private static String figures(Desk desk) throws IOException {
    List<BilledLedger.Entry> asked = desk.emulator.ledger().entries();
    long data = asked.stream().filter(e -> e.method().equals("timeseries.get_range")).count();
    long once =
        Long.parseLong(
                TableRows.query(desk.database(), "SELECT count(*) FROM " + SIZE.futuresTable())
                    .get(0))
            * BYTES_OF_A_BAR;
    return String.format(
        "%,d faults %s; %,d requests, %,d of them for data; %,d bytes paid (%s by the ledger), %,d of"
            + " them twice; longest pause without a data request under way %.1f s",
        desk.emulator.faults().hits(),
        desk.emulator.faults().hitsByKind(),
        asked.size(),
        data,
        desk.emulator.ledger().billedBytes(),
        TableRows.query(
            desk.database(),
            "SELECT format('{:,}', sum(billable_bytes)::BIGINT) FROM ops.requests"),
        desk.emulator.ledger().billedBytes() - once,
        longestPause(desk));
  }

  /** In seconds, within a run. */
  private static double longestPause(Desk desk) throws IOException {
    List<RequestEntry> requests =
        LandingArea.at(desk.landing().toString()).requests().stream()
            .sorted(
                Comparator.comparing(RequestEntry::runId)
                    .thenComparingLong(RequestEntry::startedAtNs))
            .toList();
    double longest = 0;
    String run = "";
    double busyUntil = 0;
    for (RequestEntry request : requests) {
      double start = request.startedAtNs() / 1e9;
      Double took = request.seconds();
      if (request.runId().equals(run)) {
        longest = Math.max(longest, start - busyUntil);
        busyUntil = Math.max(busyUntil, start + (took == null ? 0 : took));
      } else {
        run = request.runId();
        busyUntil = start + (took == null ? 0 : took);
      }
    }
    return longest;
  }

  /** All kinds of faults at once, at random places of the answers. */
  private static final class Mischief {
    private static final int PLACES = 25;
    private final Random random;

    Mischief(Random random) {
      this.random = random;
    }

    void arm(Desk desk) {
      statuses(desk);
      for (int i = 0; i < PLACES; i++) {
        data(desk, Fault.reset(place()), 0.15);
        data(desk, Fault.cut(place(), true), 0.15);
        data(desk, Fault.cut(place(), false), 0.15);
        data(desk, Fault.corrupt(place()), 0.15);
        data(desk, Fault.stall(place(), 900), 0.01);
        data(desk, Fault.cutRecord(1 + random.nextInt(60)), 0.05);
        data(desk, Fault.trickle(20_000 + random.nextInt(20_000)), 0.01);
      }
      unlikeAnyBefore(desk);
    }

    private void statuses(Desk desk) {
      for (int status : STATUSES) {
        desk.emulator.faults().add(Fault.status(status).retryAfter(0).withProbability(0.06));
      }
      desk.emulator.faults().add(Fault.status(429).retryAfter(1).withProbability(0.05).times(5));
      desk.emulator.faults().add(Fault.reset(0).withProbability(0.06));
      desk.emulator.faults().add(Fault.checksum().withProbability(0.02));
      desk.emulator.faults().add(Fault.delay(50).withProbability(0.02));
      for (int status : List.of(500, 503, 504)) {
        desk.emulator
            .faults()
            .add(
                Fault.status(status)
                    .retryAfter(0)
                    .on("metadata.get_record_count", "symbology.resolve")
                    .withProbability(0.005));
      }
      desk.emulator.faults().add(Fault.countOff(10).withProbability(0.02));
    }

    /**
     * Whole answers that lack bars. The same one twice would be taken for what the service has, and
     * rightly so; therefore no chunk meets the same twice.
     */
    private void unlikeAnyBefore(Desk desk) {
      for (String symbol : symbols()) {
        for (int bars = 1; bars <= 5; bars++) {
          desk.emulator
              .faults()
              .add(
                  Fault.cutBetweenFrames((long) bars * RECORDS_A_FRAME)
                      .forSymbol(symbol)
                      .withProbability(0.05)
                      .times(1));
          desk.emulator
              .faults()
              .add(Fault.dropBars(20 + bars).forSymbol(symbol).withProbability(0.05).times(1));
        }
      }
    }

    private int place() {
      return 1 + random.nextInt(SMALLEST_BODY);
    }

    private static void data(Desk desk, Fault fault, double chance) {
      desk.emulator.faults().add(fault.withProbability(chance / PLACES));
    }
  }
}
