package dev.backfill.transforms;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.LandedChunk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plan is made of. Times are UTC nanoseconds. Immutable.
 *
 * @param wanted the range wanted of every symbol, already clamped; null when the service has none
 *     of it
 * @param wantedOf what is wanted of single symbols instead of the whole range, within it; a symbol
 *     that is not named wants all of it
 * @param known what the ledger covers of each symbol, in order of time, whatever its state
 * @param again what is to be asked anew of each symbol, although it is covered and landed
 * @param landed what the landing has of the job's dataset, schema and stype
 * @param order in which chunks are asked
 * @param offline whether nothing may be asked; then what the landing says of refusals counts too
 */
public record PlanInput(
    @Nullable Interval wanted,
    Map<String, Coverage> wantedOf,
    Map<String, List<Known>> known,
    Map<String, List<Again>> again,
    List<LandedChunk> landed,
    Order order,
    boolean offline) {

  /** In which order chunks are asked. */
  public enum Order {
    /** By symbols, then from the oldest on. */
    AS_CUT,
    /** The newest days first. */
    NEWEST_FIRST
  }

  /**
   * An interval that is covered.
   *
   * @param loadedAtNs when it was written: an answer that was asked for later is newer
   */
  public record Known(Interval interval, long loadedAtNs) {}

  /**
   * An interval that is to be asked anew.
   *
   * @param sinceNs an answer that was asked for at this time or later is new enough
   */
  public record Again(Interval interval, long sinceNs) {}

  /** Copies the maps. */
  public PlanInput {
    wantedOf = Map.copyOf(wantedOf);
    known = Map.copyOf(known);
    again = Map.copyOf(again);
    landed = List.copyOf(landed);
  }

  /** What is wanted and neither covered nor landed; what has landed since it was covered, too. */
  public static PlanInput missing(
      @Nullable Interval wanted, Map<String, List<Known>> known, List<LandedChunk> landed) {
    return new PlanInput(wanted, Map.of(), known, Map.of(), landed, Order.AS_CUT, false);
  }

  /** The same without anything that is newer than what is covered. */
  static PlanInput of(
      @Nullable Interval wanted, Map<String, Coverage> covered, List<LandedChunk> landed) {
    Map<String, List<Known>> known = new HashMap<>();
    covered.forEach(
        (symbol, all) ->
            known.put(
                symbol, all.intervals().stream().map(i -> new Known(i, Long.MAX_VALUE)).toList()));
    return missing(wanted, known, landed);
  }

  /** The same for some ranges only. */
  public PlanInput withWantedOf(Map<String, Coverage> only) {
    return new PlanInput(wanted, only, known, again, landed, order, offline);
  }

  /** The same with ranges to be asked anew. */
  public PlanInput withAgain(Map<String, List<Again>> anew) {
    return new PlanInput(wanted, wantedOf, known, anew, landed, order, offline);
  }

  /** The same, where the ledger's knowledge is said otherwise. */
  public PlanInput withKnown(Map<String, List<Known>> rows) {
    return new PlanInput(wanted, wantedOf, rows, again, landed, order, offline);
  }

  /** The same in another order. */
  public PlanInput inOrder(Order other) {
    return new PlanInput(wanted, wantedOf, known, again, landed, other, offline);
  }

  /** The same without a service to ask. */
  public PlanInput withoutService() {
    return new PlanInput(wanted, wantedOf, known, again, landed, order, true);
  }

  /** What is wanted of a symbol. */
  Coverage wanted(String symbol) {
    if (wanted == null) {
      return Coverage.NONE;
    }
    Coverage whole = Coverage.of(wanted);
    Coverage only = wantedOf.get(symbol);
    return only == null ? whole : only.intersect(whole);
  }
}
