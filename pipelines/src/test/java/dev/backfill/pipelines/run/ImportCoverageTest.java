package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.FixedPrice;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What of the table is covered after an import, and what a second one or a run then does. */
class ImportCoverageTest extends ImportDesk {
  @Test
  void aReachedLimitCoversOnlyUpToBeforeTheLastTime() throws IOException {
    DbnFiles answer = contracts("2024-02-05", "2024-02-20");
    List<MarketBar> bars = answer.bars().subList(0, 50);
    Path file = answer.write(folder.resolve("l.dbn"), b -> b.limit(50), bars);

    ok(take(file));

    assertSame(table(), rows(bars));
    long first = bars.get(0).tsEvent();
    long last = bars.get(49).tsEvent();
    List<MarketBar> proven = bars.stream().filter(b -> b.tsEvent() < last).toList();
    assertThat(
        coverage(),
        equalTo(
            CONTRACTS.stream()
                .map(
                    c ->
                        String.join(
                            "|", c, c, time(first), time(last), "loaded", "" + count(proven, c)))
                .toList()));

    List<String> before = loaded();
    ok(take(file));
    assertThat(desk.said(), containsString("all of it is loaded already"));
    assertThat(loaded(), equalTo(before));
  }

  @Test
  void aReachedLimitSaysNothingOfSymbolsThatItDoesNotHold() throws IOException {
    DbnFiles answer = contracts("2024-02-05", "2024-02-20");
    List<MarketBar> bars = answer.bars("ZLH4").subList(0, 10);
    Path file = answer.write(folder.resolve("l.dbn"), b -> b.limit(10), bars);
    ok(take(file));
    assertSame(table(), rows(bars));
    assertThat(
        TableRows.query(desk.database(), "SELECT DISTINCT symbol FROM ops.coverage"),
        equalTo(List.of("ZLH4")));
  }

  @Test
  void aSecondImportChangesNoRow() throws IOException {
    Path file = contracts("2024-02-05", "2024-02-09").write(folder.resolve("a.dbn.zst"));
    ok(take(file));
    List<String> before = loaded();

    ok(take(file));

    assertThat(loaded(), equalTo(before));
    assertThat(desk.printed(), containsString("nothing to do for it"));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT job_name, status, row_count > 0 FROM ops.ingestion_completion"
                + " ORDER BY started_at"),
        equalTo(List.of("import|success|true", "import|success|false")));
  }

  /** The rows, when they were written, and what the ledger says of them. */
  private List<String> loaded() {
    List<String> rows =
        new ArrayList<>(TableRows.query(desk.database(), "FROM ops.coverage ORDER BY ALL"));
    rows.addAll(TableRows.query(desk.database(), "FROM ops.backfill_chunks ORDER BY ALL"));
    rows.addAll(
        TableRows.query(desk.database(), "FROM " + BarSize.HOUR.futuresTable() + " ORDER BY ALL"));
    return rows;
  }

  @Test
  void forceReplacesWhatIsThere() throws IOException {
    DbnFiles answer = contracts("2024-02-05", "2024-02-09");
    List<MarketBar> bars = answer.bars();
    List<MarketBar> wrong = new ArrayList<>(bars.subList(0, 5));
    wrong.replaceAll(
        b -> new MarketBar(b.tsEvent(), b.instrumentId(), 1, b.rawSymbol(), 1, 1, 1, 1, 1));
    wrong.addAll(bars.subList(5, bars.size()));
    Path bad = answer.write(folder.resolve("bad.dbn"), b -> b, wrong);
    Path good = answer.write(folder.resolve("good.dbn"));
    take(bad);
    assertSame(table(), rows(wrong));

    ok(take(good));
    assertSame(table(), rows(wrong));

    ok(desk.importFiles(Optional.empty(), true, good));
    assertSame(table(), rows(bars));
    assertThat(
        TableRows.query(desk.database(), "SELECT count(*) FROM ops.replaced_rows"),
        equalTo(List.of("0")));
  }

  @Test
  void forceNeverTakesAwayWhatTheFilesDoNotProve() throws IOException {
    DbnFiles answer = contracts("2024-02-05", "2024-02-09");
    List<MarketBar> bars = answer.bars();
    take(answer.write(folder.resolve("whole.dbn")));
    List<String> covered = coverage();
    // The last time of the cut file lacks the second contract.
    int cut = 40;
    while (bars.get(cut - 1).tsEvent() != bars.get(cut).tsEvent()) {
      cut++;
    }
    int limit = cut;
    Path file =
        answer.write(folder.resolve("cut.dbn"), b -> b.limit(limit), bars.subList(0, limit));

    ok(desk.importFiles(Optional.empty(), true, file));

    assertSame(table(), rows(bars));
    long rows =
        coverage().stream()
            .mapToLong(c -> Long.parseLong(c.substring(c.lastIndexOf('|') + 1)))
            .sum();
    assertThat(rows, equalTo((long) bars.size()));
    assertThat(covered.size(), equalTo(2));
  }

  @Test
  void anEndInsideABarIsNotCoveredBeyondWholeBars() throws IOException {
    DbnFiles answer = contracts("2024-02-05", "2024-02-05T10:30:00Z");
    ok(take(answer.write(folder.resolve("u.dbn"))));
    assertSame(table(), rows(answer.bars()));
    assertThat(
        TableRows.query(
            desk.database(), "SELECT DISTINCT CAST(range_end AS VARCHAR) FROM ops.coverage"),
        equalTo(List.of("2024-02-05 10:00:00")));
  }

  @Test
  void partsWithEqualMetadataAreOneAnswer() throws IOException {
    DbnFiles answer = contracts("2024-02-05", "2024-02-09");
    List<MarketBar> bars = answer.bars();
    Path one = answer.write(folder.resolve("z-first.dbn"), b -> b, bars.subList(0, 60));
    Path two = answer.write(folder.resolve("a-second.dbn"), b -> b, bars.subList(60, bars.size()));
    Path same = Files.copy(one, folder.resolve("copy.dbn"));

    ok(take(two, one, same));

    assertSame(table(), rows(bars));
    assertThat(
        TableRows.query(
            desk.database(), "SELECT count(*), count(DISTINCT chunk_id) FROM ops.coverage"),
        equalTo(List.of("2|1")));
    assertThat(
        TableRows.query(desk.database(), "SELECT count(*) FROM ops.rejected_records"),
        equalTo(List.of("0")));
  }

  @Test
  void partsThatOverlapAreRefused() throws IOException {
    DbnFiles answer = contracts("2024-02-05", "2024-02-09");
    List<MarketBar> bars = answer.bars();
    Path one = answer.write(folder.resolve("1.dbn"), b -> b, bars.subList(0, 60));
    Path two = answer.write(folder.resolve("2.dbn"), b -> b, bars.subList(40, bars.size()));
    assertThat(take(one, two), equalTo(2));
    assertThat(desk.said(), containsString("overlap in time"));
    assertThat(Files.exists(desk.database()), equalTo(false));
  }

  @Test
  void onePartOfABatchJobClaimsOnlyWhatItProves() throws IOException {
    DbnFiles answer = contracts("2024-02-05", "2024-02-09");
    List<MarketBar> bars = answer.bars();
    Path one = answer.write(folder.resolve("p1.dbn.zst"), b -> b, bars.subList(0, 60));
    Path two = answer.write(folder.resolve("p2.dbn.zst"), b -> b, bars.subList(60, bars.size()));
    Files.writeString(
        folder.resolve("manifest.json"),
        "{\"job_id\":\"J\",\"files\":[{\"filename\":\"metadata.json\"},"
            + "{\"filename\":\"p1.dbn.zst\"},{\"filename\":\"p2.dbn.zst\"}]}");

    ok(take(one));
    assertSame(table(), rows(bars.subList(0, 60)));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT DISTINCT strftime(range_end, '%Y-%m-%dT%H:%M') FROM ops.coverage"),
        equalTo(List.of(time(bars.get(59).tsEvent()))));

    ok(take(one, two));
    assertSame(table(), rows(bars));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT min(range_start), max(range_end), sum(row_count) FROM ops.coverage"),
        equalTo(List.of("2024-02-05 00:00:00.0|2024-02-09 00:00:00.0|" + bars.size())));
  }

  @Test
  void coveredRangesAreSkipped() throws IOException {
    DbnFiles inner = contracts("2024-02-06", "2024-02-07");
    DbnFiles outer = contracts("2024-02-05", "2024-02-09");
    take(inner.write(folder.resolve("inner.dbn")));
    List<MarketBar> changed = new ArrayList<>(outer.bars());
    changed.replaceAll(
        b -> new MarketBar(b.tsEvent(), b.instrumentId(), 1, b.rawSymbol(), 1, 1, 1, 1, 1));
    Path file = outer.write(folder.resolve("outer.dbn"), b -> b, changed);

    ok(take(file));

    long from = DbnFiles.ns("2024-02-06");
    long to = DbnFiles.ns("2024-02-07");
    List<MarketBar> expected =
        Stream.concat(
                inner.bars().stream(),
                changed.stream().filter(b -> b.tsEvent() < from || b.tsEvent() >= to))
            .toList();
    assertSame(table(), rows(expected));
  }

  @Test
  void aRunAfterAnImportAsksForTheRestOnly() throws IOException {
    DbnFiles answer =
        new DbnFiles(
            market, BarSize.HOUR, SType.CONTINUOUS, List.of("ZL.v.0"), "2024-02-05", "2024-02-20");
    List<MarketBar> held = answer.bars().subList(0, 50);
    take(answer.write(folder.resolve("l.dbn"), b -> b.limit(50), held));

    ok(desk.run(Desk.job(BarSize.HOUR, List.of("ZL.v.0"), "2024-02-01", "2024-02-20", 5, 400)));

    assertThat(
        desk.emulator.ledger().entries().stream()
            .filter(e -> e.method().contains("get_range"))
            .map(e -> time(Long.parseLong(e.start())) + "/" + time(Long.parseLong(e.end())))
            .sorted()
            .toList(),
        equalTo(
            List.of(
                "2024-02-01T00:00/" + time(held.get(0).tsEvent()),
                time(held.get(49).tsEvent()) + "/2024-02-20T00:00")));
    // Only the service says which contract is behind a continuous symbol, so imports leave it open.
    List<String> all =
        TableRows.query(
            desk.database(),
            "SELECT strftime(ts_event, '%Y-%m-%dT%H:%M'), close, volume FROM "
                + HOURLY
                + " ORDER BY ts_event");
    assertSame(
        all,
        market
            .bars(
                "GLBX.MDP3",
                BarSize.HOUR,
                SType.CONTINUOUS,
                "ZL.v.0",
                DbnFiles.ns("2024-02-01"),
                DbnFiles.ns("2024-02-20"))
            .stream()
            .map(b -> time(b.tsEvent()) + "|" + FixedPrice.decimal(b.close()) + "|" + b.volume())
            .toList());
    assertThat(
        TableRows.query(desk.database(), "SELECT count(*) FROM ops.replaced_rows"),
        equalTo(List.of("0")));
  }

  @Test
  void daysOnWhichASymbolDidNotExistAreSaid() throws IOException {
    DbnFiles answer = contracts("2024-02-05", "2024-02-10");
    LocalDate last = LocalDate.parse("2024-02-08");
    List<MarketBar> bars =
        answer.bars().stream()
            .filter(b -> b.rawSymbol().equals("ZLK4") || Times.date(b.tsEvent()).isBefore(last))
            .toList();
    List<SymbolMapping> mappings =
        answer.metadata().mappings().stream()
            .map(
                m ->
                    m.rawSymbol().equals("ZLK4")
                        ? m
                        : new SymbolMapping(
                            "ZLH4",
                            List.of(
                                new MappingInterval(
                                    LocalDate.parse("2024-02-05"),
                                    last,
                                    m.intervals().get(0).symbol()))))
            .toList();
    Path file =
        answer.write(
            folder.resolve("n.dbn"), b -> b.mappings(mappings).partial(List.of("ZLH4")), bars);
    ok(take(file));
    assertSame(table(), rows(bars));
    assertThat(
        coverage(),
        equalTo(
            List.of(
                "ZLH4|ZLH4|2024-02-05T00:00|2024-02-08T00:00|loaded|" + count(bars, "ZLH4"),
                "ZLH4|ZLH4|2024-02-08T00:00|2024-02-10T00:00|unresolved|0",
                "ZLK4|ZLK4|2024-02-05T00:00|2024-02-10T00:00|loaded|" + count(bars, "ZLK4"))));
  }

  @Test
  void anAnswerWithoutBarsIsCoveredAndEmpty() throws IOException {
    // A Saturday.
    DbnFiles answer = contracts("2024-02-10", "2024-02-11");
    assertThat(answer.bars(), equalTo(List.of()));
    ok(take(answer.write(folder.resolve("e.dbn.zst"))));
    assertThat(
        coverage(),
        equalTo(
            CONTRACTS.stream()
                .map(c -> c + "|" + c + "|2024-02-10T00:00|2024-02-11T00:00|empty|0")
                .toList()));
  }
}
