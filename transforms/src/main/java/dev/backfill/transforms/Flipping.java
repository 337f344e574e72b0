package dev.backfill.transforms;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.RollRow;
import dev.backfill.io.duckdb.Rolls;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Times;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of a run's series flip back and forth between contracts, so that their prices jump where
 * nothing has happened. Only the days that the run has loaded count: what was loaded years ago is
 * no news, and each hourly update would say it.
 */
final class Flipping {
  private static final int SHOWN = 5;

  private final Job job;
  private final Map<String, Coverage> loaded = new HashMap<>();

  Flipping(Job job, Plan plan) {
    this.job = job;
    plan.toAsk().forEach(this::add);
    plan.toLoad().stream()
        .flatMap(landed -> landed.getPieces().stream())
        .forEach(piece -> add(piece.getSymbol(), piece.getStartNs(), piece.getEndNs()));
  }

  private void add(Chunk chunk) {
    chunk.getSymbols().forEach(symbol -> add(symbol, chunk.getStartNs(), chunk.getEndNs()));
  }

  private void add(String symbol, long startNs, long endNs) {
    loaded.merge(symbol, Coverage.of(new Interval(startNs, endNs)), Coverage::union);
  }

  /** The sentence, if there is anything to say. */
  Optional<String> warning(Database database) {
    if (!job.stypeIn().equals("continuous")) {
      return Optional.empty();
    }
    Map<String, List<RollRow>> rolls = new Rolls(database, job.dataset(), job.stypeIn()).read();
    Map<String, Integer> times = new LinkedHashMap<>();
    for (String symbol : job.symbols()) {
      List<RollRow> rows = rolls.getOrDefault(symbol, List.of());
      int flips = flips(symbol, rows);
      if (ContractChanges.isBackAndForth(flips, contracts(symbol, rows))) {
        times.put(symbol, flips);
      }
    }
    return sentence(
        times.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .map(one -> one.getKey() + " (" + one.getValue() + " times)")
            .toList());
  }

  /** To a contract that was left at any time: what was there before is in the table too. */
  private int flips(String symbol, List<RollRow> rows) {
    return (int)
        ContractChanges.of(rows).flips().stream()
            .filter(day -> isLoaded(symbol, day, day.plusDays(1)))
            .count();
  }

  private int contracts(String symbol, List<RollRow> rows) {
    return ContractChanges.of(
            rows.stream().filter(row -> isLoaded(symbol, row.start(), row.end())).toList())
        .contracts();
  }

  /** The worst first. */
  private static Optional<String> sentence(List<String> flipping) {
    if (flipping.isEmpty()) {
      return Optional.empty();
    }
    String more = flipping.size() > SHOWN ? " and " + (flipping.size() - SHOWN) + " more" : "";
    return Optional.of(
        "in what was loaded, "
            + String.join(", ", flipping.subList(0, Math.min(SHOWN, flipping.size())))
            + more
            + (flipping.size() == 1 ? " goes" : " go")
            + " back to a contract that was left: such a series jumps between contracts"
            + " (reference.databento_symbology)");
  }

  private boolean isLoaded(String symbol, LocalDate start, LocalDate end) {
    Interval days = new Interval(Times.nanos(start), Times.nanos(end));
    return !loaded.getOrDefault(symbol, Coverage.NONE).intersect(Coverage.of(days)).isEmpty();
  }
}
