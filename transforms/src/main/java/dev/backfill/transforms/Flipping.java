package dev.backfill.transforms;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.RollRow;
import dev.backfill.io.duckdb.Rolls;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.Times;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of a run's series flip back and forth between contracts, so that their prices jump where
 * nothing has happened. Said by a run that has loaded a day of it, not by each that follows.
 */
final class Flipping {
  private static final int SHOWN = 5;

  private final Job job;
  private final Map<String, Coverage> loaded = new HashMap<>();

  Flipping(Job job, Plan plan) {
    this.job = job;
    plan.toAsk().forEach(this::add);
    plan.toLoad().stream().map(LandedChunk::getChunk).forEach(this::add);
  }

  private void add(Chunk chunk) {
    Coverage range = Coverage.of(new Interval(chunk.getStartNs(), chunk.getEndNs()));
    chunk.getSymbols().forEach(symbol -> loaded.merge(symbol, range, Coverage::union));
  }

  /** The sentence, if there is anything to say. */
  Optional<String> warning(Database database) {
    if (!job.stypeIn().equals("continuous")) {
      return Optional.empty();
    }
    Map<String, List<RollRow>> rolls = new Rolls(database, job.dataset(), job.stypeIn()).read();
    Map<String, Integer> times = new LinkedHashMap<>();
    for (String symbol : job.symbols()) {
      ContractChanges changes = ContractChanges.of(rolls.getOrDefault(symbol, List.of()));
      if (changes.flipsBackAndForth()
          && changes.flips().stream().anyMatch(day -> isLoaded(symbol, day))) {
        times.put(symbol, changes.flips().size());
      }
    }
    return sentence(
        times.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .map(one -> one.getKey() + " (" + one.getValue() + " times)")
            .toList());
  }

  /** The worst first. */
  private static Optional<String> sentence(List<String> flipping) {
    if (flipping.isEmpty()) {
      return Optional.empty();
    }
    String more = flipping.size() > SHOWN ? " and " + (flipping.size() - SHOWN) + " more" : "";
    return Optional.of(
        String.join(", ", flipping.subList(0, Math.min(SHOWN, flipping.size())))
            + more
            + (flipping.size() == 1 ? " goes" : " go")
            + " back to a contract that was left: such a series jumps between contracts"
            + " (reference.databento_symbology)");
  }

  private boolean isLoaded(String symbol, LocalDate day) {
    long ns = Times.nanos(day);
    return !loaded
        .getOrDefault(symbol, Coverage.NONE)
        .intersect(Coverage.of(new Interval(ns, ns + Times.DAY_NS)))
        .isEmpty();
  }
}
