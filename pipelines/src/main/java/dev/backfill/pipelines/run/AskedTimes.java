package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.LoadedAnswer;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When the answers were asked for that the rows of a table came with, which is not when they were
 * loaded: by the names of the files that ops.backfill_chunks calls loaded, and by the sidecars in
 * the landing. So it is known of rows of the ledger, too, that were merged and have no chunk any
 * more.
 */
final class AskedTimes {
  /** A stretch of a row, and when its answer was asked for, UTC ns. */
  record Asked(Interval interval, long atNs) {}

  private record Answer(String chunkId, Interval interval, long askedAtNs) {}

  private static final Comparator<Answer> NEWEST_FIRST =
      Comparator.comparingLong(Answer::askedAtNs).reversed();

  private final Map<String, List<Answer>> loaded = new HashMap<>();
  private final Map<String, List<Answer>> landed = new HashMap<>();

  /**
   * Both of one dataset, schema and stype.
   *
   * @param loaded what the ledger calls loaded
   * @param landed what the landing holds
   */
  AskedTimes(List<LoadedAnswer> loaded, List<LandedChunk> landed) {
    for (LoadedAnswer one : loaded) {
      long askedAtNs =
          one.file()
              .map(file -> LandingArea.askedAtNs(file).orElse(Times.nanos(one.loadedAt())))
              .orElse(Times.nanos(one.loadedAt()));
      Answer answer = new Answer(one.chunkId(), one.interval(), askedAtNs);
      one.symbols().forEach(symbol -> add(this.loaded, symbol, answer));
    }
    for (LandedChunk one : landed) {
      if (one.getState() == LandedState.LANDED) {
        Interval of = new Interval(one.getChunk().getStartNs(), one.getChunk().getEndNs());
        Answer answer = new Answer(one.getChunk().getChunkId(), of, one.getAskedAtNs());
        one.getChunk().getSymbols().forEach(symbol -> add(this.landed, symbol, answer));
      }
    }
    this.loaded.values().forEach(answers -> answers.sort(NEWEST_FIRST));
    this.landed.values().forEach(answers -> answers.sort(NEWEST_FIRST));
  }

  private static void add(Map<String, List<Answer>> bySymbol, String symbol, Answer answer) {
    bySymbol.computeIfAbsent(symbol, s -> new ArrayList<>()).add(answer);
  }

  /**
   * What a row holds of an interval, in stretches of one answer each. Where no answer is known, it
   * was asked for when it was loaded, as far as anybody can tell.
   */
  List<Asked> of(CoverageRow row, Interval interval) {
    Coverage left = Coverage.of(row.interval()).intersect(Coverage.of(interval));
    List<Asked> found = new ArrayList<>();
    long loadedAtNs = Times.nanos(row.loadedAt());
    String chunkId = row.chunkId();
    if (chunkId != null) {
      long askedAtNs =
          newest(loaded, row, chunkId)
              .or(() -> newest(landed, row, chunkId))
              .map(Answer::askedAtNs)
              .orElse(loadedAtNs);
      left.intervals().forEach(part -> found.add(new Asked(part, askedAtNs)));
      return found;
    }
    for (Answer answer : loaded.getOrDefault(row.series().symbol(), List.of())) {
      if (left.isEmpty()) {
        break;
      }
      if (answer.askedAtNs() <= loadedAtNs && answer.interval().overlaps(interval)) {
        Coverage of = Coverage.of(answer.interval());
        left.intersect(of)
            .intervals()
            .forEach(part -> found.add(new Asked(part, answer.askedAtNs())));
        left = left.minus(of);
      }
    }
    left.intervals().forEach(part -> found.add(new Asked(part, loadedAtNs)));
    return found;
  }

  /** The newest answer of a row's chunk that had been asked for when the row was loaded. */
  private static Optional<Answer> newest(
      Map<String, List<Answer>> answers, CoverageRow row, String chunkId) {
    long loadedAtNs = Times.nanos(row.loadedAt());
    return answers.getOrDefault(row.series().symbol(), List.of()).stream()
        .filter(answer -> answer.chunkId().equals(chunkId) && answer.askedAtNs() <= loadedAtNs)
        .findFirst();
  }
}
