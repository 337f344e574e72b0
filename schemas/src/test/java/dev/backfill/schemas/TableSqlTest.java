package dev.backfill.schemas;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The SQL files say all that the writer needs. */
class TableSqlTest {

  @ParameterizedTest
  @EnumSource(BarSize.class)
  void everyBarSizeHasATableWithAKey(BarSize size) {
    TableSql table = TableSql.of(size.futuresTable());
    String time = size == BarSize.DAY ? "as_of_date" : "ts_event";
    assertThat(table.key(), equalTo(List.of("symbol", time, "publisher_id")));
    assertThat(table.timeColumn(), equalTo(time));
    assertThat(table.seriesColumn(), equalTo("symbol"));
    assertThat(table.parentColumn(), equalTo(Optional.of("parent_symbol")));
    assertThat(table.batchRecord(), equalTo("BarBatch"));
    assertThat(table.segmentRecord(), equalTo("BarSegment"));
    assertThat(table.isBatched(), is(true));
    assertThat(table.create(), not(containsString("PRIMARY KEY")));
    assertThat(
        table.createWithPrimaryKey(), containsString("PRIMARY KEY (symbol, " + time + ")\n)"));
  }

  @ParameterizedTest
  @CsvSource({
    "raw.databento_options_ohlcv_1d, BarBatch, BarSegment, contract_symbol, as_of_date",
    "reference.databento_definitions, DefinitionBatch, DefinitionSegment, raw_symbol, ts_recv",
    "raw.databento_statistics, StatisticsBatch, StatisticsSegment, symbol, ts_recv"
  })
  void everyOtherKindOfRowHasATable(
      String name, String batch, String segment, String series, String time) {
    TableSql table = TableSql.of(name);
    assertThat(table.batchRecord(), equalTo(batch));
    assertThat(table.segmentRecord(), equalTo(segment));
    assertThat(table.seriesColumn(), equalTo(series));
    assertThat(table.timeColumn(), equalTo(time));
    assertThat(table.parentColumn(), equalTo(Optional.of("parent_symbol")));
    assertThat(table.isBatched(), is(true));
    assertThat(
        "every table that an enrichment names is made with it",
        Stream.concat(table.companions().stream(), Stream.of(name))
            .toList()
            .containsAll(
                Pattern.compile("(?:raw|reference)\\.[a-z0-9_]+")
                    .matcher(String.join(" ", table.enrichments()))
                    .results()
                    .map(MatchResult::group)
                    .toList()),
        is(true));
    for (String companion : table.companions()) {
      assertThat(TableSql.of(companion).create(), containsString(companion));
    }
  }

  @Test
  void anUnknownTableIsRefusedByName() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> TableSql.of("raw.bars")).getMessage(),
        containsString("Unknown table raw.bars"));
    assertThat(TableSql.find("../../etc/passwd"), equalTo(Optional.empty()));
  }

  @Test
  void aDirectiveThatIsMissingIsNamed() {
    TableSql runs = TableSql.of("ops.backfill_runs");
    assertThat(runs.isBatched(), is(false));
    assertThat(
        assertThrows(IllegalArgumentException.class, runs::insert).getMessage(),
        equalTo("/sql/ops.backfill_runs.sql says nothing of @insert, which this use needs"));
  }

  @Test
  void enrichmentsAreStatementsThatEndTheirLines() {
    TableSql table =
        TableSql.parse(
            "raw.x",
            """
            -- @with raw.a, raw.b
            -- @enrich
            UPDATE raw.x SET y = ';'
            WHERE z;
            DELETE FROM raw.a;
            """);
    assertThat(table.companions(), equalTo(List.of("raw.a", "raw.b")));
    assertThat(
        table.enrichments(),
        equalTo(List.of("UPDATE raw.x SET y = ';'\nWHERE z", "DELETE FROM raw.a")));
    TableSql bare = TableSql.parse("raw.x", "-- nothing");
    assertThat(bare.companions(), equalTo(List.of()));
    assertThat(bare.enrichments(), equalTo(List.of()));
  }

  @Test
  void anInsertIsItsColumnsAndItsRows() {
    TableSql table =
        TableSql.parse(
            "raw.x",
            """
            -- @insert
            INSERT INTO raw.x (a,
                b)
            SELECT r.a, max(r.b) FROM batch_rows r GROUP BY ALL;
            """);
    assertThat(table.insertedColumns(), equalTo(List.of("a", "b")));
    assertThat(
        table.insertedRows(), equalTo("SELECT r.a, max(r.b) FROM batch_rows r GROUP BY ALL"));
    TableSql other = TableSql.parse("raw.x", "-- @insert\nINSERT INTO raw.x FROM batch_rows;");
    assertThat(
        assertThrows(IllegalArgumentException.class, other::insertedRows).getMessage(),
        equalTo("The insert of /sql/raw.x.sql must be INSERT INTO table (columns) and a query"));
  }
}
