package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.StatisticsRecord;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.FixedPrice;
import dev.backfill.schemas.Times;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A month of options that somebody has bought in three kinds of files, in one import. */
class OptionImportTest extends ImportDesk {
  private static final String PARENT = "OZL.OPT";
  private static final String DATASET = "GLBX.MDP3";
  private static final String FROM = "2024-03-01";
  private static final String TO = "2024-04-01";
  private static final List<String> SNAPSHOTS = List.of("2024-03-01", "2024-03-15", "2024-03-29");

  private static long ns(String date) {
    return Times.nanos(LocalDate.parse(date));
  }

  private Path buy(String schema, String from, String to) throws Exception {
    Path file = folder.resolve(schema + "-of-" + from + ".dbn.zst");
    String query =
        "dataset=GLBX.MDP3&schema=%s&stype_in=parent&symbols=%s&start=%s&end=%s&encoding=dbn&compression=zstd"
            .formatted(schema, PARENT, from, to);
    String user =
        Base64.getEncoder().encodeToString((EmulatorConfig.DEFAULT_KEY + ":").getBytes("UTF-8"));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(desk.emulator.url() + "/v0/timeseries.get_range?" + query))
            .header("Authorization", "Basic " + user)
            .build();
    HttpResponse<Path> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofFile(file));
    assertThat(answer.statusCode(), equalTo(200));
    return file;
  }

  private List<Path> snapshots() throws Exception {
    List<Path> files = new ArrayList<>();
    for (String day : SNAPSHOTS) {
      files.add(buy("definition", day, LocalDate.parse(day).plusDays(1).toString()));
    }
    return files;
  }

  /** What the table must hold, by the market alone. */
  private List<String> expected() {
    List<DefinitionRecord> definitions = new ArrayList<>();
    for (String day : SNAPSHOTS) {
      definitions.addAll(
          market.definitions(DATASET, SType.PARENT, PARENT, ns(day), ns(day) + Times.DAY_NS));
    }
    Map<Long, List<StatisticsRecord>> statistics = new HashMap<>();
    for (StatisticsRecord s : market.statistics(DATASET, SType.PARENT, PARENT, ns(FROM), ns(TO))) {
      statistics.computeIfAbsent(s.header().instrumentId(), id -> new ArrayList<>()).add(s);
    }
    return market.bars(DATASET, BarSize.DAY, SType.PARENT, PARENT, ns(FROM), ns(TO)).stream()
        .filter(bar -> bar.rawSymbol().matches("OZL[A-Z]\\d [CP]\\d+"))
        .sorted(Comparator.comparing(MarketBar::rawSymbol).thenComparing(MarketBar::tsEvent))
        .map(bar -> row(bar, definitions, statistics.getOrDefault(bar.instrumentId(), List.of())))
        .toList();
  }

  private static String row(
      MarketBar bar, List<DefinitionRecord> definitions, List<StatisticsRecord> statistics) {
    Optional<DefinitionRecord> of = definition(bar, definitions);
    List<StatisticsRecord> day =
        statistics.stream()
            .filter(s -> s.tsRef() == bar.tsEvent())
            .sorted(Comparator.comparing(StatisticsRecord::tsRecv))
            .toList();
    String settlement =
        newest(day, s -> s.statType() == 3 && (s.statFlags() & 1) == 1)
            .or(() -> newest(day, s -> s.statType() == 3 && (s.statFlags() & 1) == 0))
            .map(s -> FixedPrice.decimal(s.price()).toString())
            .orElse("null");
    return String.join(
        "|",
        "ZL",
        bar.rawSymbol(),
        Times.date(bar.tsEvent()).toString(),
        FixedPrice.decimal(bar.close()).toString(),
        of.map(d -> FixedPrice.decimal(d.strikePrice()).toString()).orElse("null"),
        of.map(d -> Times.date(d.expiration()).toString()).orElse("null"),
        of.map(d -> String.valueOf(d.instrumentClass())).orElse("null"),
        of.map(DefinitionRecord::underlying).orElse("null"),
        settlement,
        newest(day, s -> s.statType() == 9).map(s -> "" + s.quantity()).orElse("null"),
        price(day, 14),
        price(day, 15));
  }

  private static String price(Collection<StatisticsRecord> day, int type) {
    return newest(day, s -> s.statType() == type)
        .map(s -> FixedPrice.decimal(s.price()).toString())
        .orElse("null");
  }

  /** The last that was said and not taken back. */
  private static Optional<StatisticsRecord> newest(
      Collection<StatisticsRecord> inOrder, Predicate<StatisticsRecord> of) {
    Optional<StatisticsRecord> holds = Optional.empty();
    for (StatisticsRecord s : inOrder) {
      if (of.test(s)) {
        if (s.updateAction() == 2) {
          holds = Optional.empty();
        } else if (s.price() != DbnMetadata.UNDEFINED || s.quantity() != DbnMetadata.UNDEFINED) {
          holds = Optional.of(s);
        }
      }
    }
    return holds;
  }

  private static Optional<DefinitionRecord> definition(
      MarketBar bar, List<DefinitionRecord> definitions) {
    long end = bar.tsEvent() + Times.DAY_NS;
    List<DefinitionRecord> own =
        definitions.stream()
            .filter(d -> d.rawSymbol().equals(bar.rawSymbol()))
            .filter(d -> d.header().instrumentId() == bar.instrumentId())
            .filter(d -> d.activation() < end && bar.tsEvent() <= d.expiration())
            .sorted(Comparator.comparing(DefinitionRecord::tsRecv))
            .toList();
    return own.stream()
        .filter(d -> d.tsRecv() < end)
        .reduce((a, b) -> b)
        .or(() -> own.stream().findFirst());
  }

  private List<String> rows() {
    return TableRows.query(
        desk.database(),
        "SELECT symbol, contract_symbol, as_of_date, close, strike_price, expiration_date,"
            + " option_type, underlying_symbol, settlement_price, open_interest,"
            + " implied_volatility, delta FROM raw.databento_options_ohlcv_1d ORDER BY"
            + " contract_symbol, as_of_date");
  }

  @Test
  void isWholeInWhateverOrderTheFilesCome() throws Exception {
    List<Path> files = new ArrayList<>(snapshots());
    files.add(buy("ohlcv-1d", FROM, TO));
    files.add(buy("statistics", FROM, TO));
    List<String> expected = expected();
    assertThat(expected.size(), greaterThan(300));
    ok(take(files.toArray(Path[]::new)));
    assertSame(rows(), expected);
    assertThat(
        TableRows.query(
            desk.database(), "SELECT reason, count(*) FROM ops.rejected_records GROUP BY ALL"),
        equalTo(List.of()));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT schema_name, count(*), CAST(min(range_start) AS DATE), CAST(max(range_end) AS"
                + " DATE) FROM ops.coverage WHERE state = 'loaded' GROUP BY ALL ORDER BY ALL"),
        equalTo(
            List.of(
                "definition|3|2024-03-01|2024-03-30",
                "ohlcv-1d|1|2024-03-01|2024-04-01",
                "statistics|1|2024-03-01|2024-04-01")));
    ok(desk.importFiles(Optional.empty(), true, files.get(3)));
    assertSame(rows(), expected);
    ok(desk.importFiles(Optional.empty(), true, files.get(4), files.get(1)));
    assertSame(rows(), expected);
    assertThat(desk.importFiles(Optional.of(HOURLY), false, files.get(4)), equalTo(2));
  }
}
