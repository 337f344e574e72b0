package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.backfill.emulator.http.BilledLedger;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.ChunkId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a desk holds after a run: the bars, and the ledger without what names a run or its time. Two
 * ways to the same end have the same books.
 *
 * @param bars rows of the table
 * @param coverage rows of ops.coverage
 * @param chunks rows of ops.backfill_chunks
 */
record Books(List<String> bars, List<String> coverage, List<String> chunks) {
  static Books of(Desk desk, BarSize size) {
    return new Books(
        TableRows.in(desk.database(), size.futuresTable()),
        TableRows.query(
            desk.database(), "SELECT * EXCLUDE (run_id, loaded_at) FROM ops.coverage ORDER BY ALL"),
        TableRows.query(
            desk.database(),
            "SELECT * EXCLUDE (last_run_id, updated_at, raw_file) FROM ops.backfill_chunks"
                + " ORDER BY ALL"));
  }

  /** Fails with the first row that differs. */
  void assertEqual(Books undisturbed) {
    assertSame(bars, undisturbed.bars);
    assertSame(coverage, undisturbed.coverage);
    assertSame(chunks, undisturbed.chunks);
  }

  /** Fails where the ledger counts other rows than the table has, or a bar is there twice. */
  static void assertConsistent(Desk desk, BarSize size) {
    String table = size.futuresTable();
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT c.symbol FROM ops.coverage c WHERE c.row_count <> (SELECT count(*) FROM "
                + table
                + " t WHERE t.symbol = c.table_symbol AND t.ts_event >= c.range_start AND"
                + " t.ts_event < c.range_end)"),
        is(empty()));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT sum(row_count) = (SELECT count(*) FROM "
                + table
                + ") AND (SELECT count(*) FROM "
                + table
                + ") = (SELECT count(*) FROM (SELECT DISTINCT symbol, ts_event FROM "
                + table
                + ")) FROM ops.coverage"),
        equalTo(List.of("true")));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT count(*) FROM ops.backfill_runs WHERE status IN ('running', 'failed')"),
        equalTo(List.of("0")));
  }

  /** The chunks whose answer lies whole in a desk's landing, with or without its sidecar. */
  static Set<String> landed(Desk desk, BarSize size) {
    // Names alone: the folder may change while it is read.
    String[] names =
        desk.landing()
            .resolve("databento")
            .resolve("GLBX.MDP3")
            .resolve(size.schema())
            .toFile()
            .list();
    Set<String> ids = new HashSet<>();
    for (String name : names == null ? new String[0] : names) {
      if (name.endsWith(".dbn.zst")) {
        ids.add(name.substring(0, name.indexOf('-')));
      }
    }
    return ids;
  }

  /**
   * Fails where the service billed a byte of a chunk again that had landed when the process was
   * killed, or more chunks twice than can have been under way.
   *
   * @param landed what had landed at each kill
   * @return bytes billed beyond the first time
   */
  static long assertBoughtOnce(Desk desk, List<Set<String>> landed) {
    Set<String> all = new HashSet<>();
    landed.forEach(all::addAll);
    Map<String, Integer> times = new HashMap<>();
    long again = 0;
    for (BilledLedger.Entry entry : desk.emulator.ledger().entries()) {
      if (!entry.method().equals("timeseries.get_range") || entry.bytes() == 0) {
        continue;
      }
      int before = times.merge(id(entry), 1, Integer::sum);
      again += before > 1 ? entry.bytes() : 0;
    }
    times.forEach(
        (chunk, count) -> {
          String what = "chunk " + chunk + (all.contains(chunk) ? ", landed at a kill" : "");
          // What landed before a later kill may have been under way at an earlier one.
          int most = landed.size() + 1;
          for (Set<String> atKill : landed) {
            most -= atKill.contains(chunk) ? 1 : 0;
          }
          assertThat(what, count, lessThanOrEqualTo(most));
        });
    long twice = times.values().stream().mapToInt(count -> count - 1).sum();
    assertThat(twice, lessThanOrEqualTo((long) landed.size() * RunnerOptions.REQUESTS));
    return again;
  }

  /** The chunk that a data request asked for. */
  static String id(BilledLedger.Entry entry) {
    return ChunkId.of(
        "databento",
        "GLBX.MDP3",
        entry.schema(),
        "continuous",
        List.of(entry.symbols().split(",", -1)),
        Long.parseLong(entry.start()),
        Long.parseLong(entry.end()));
  }
}
