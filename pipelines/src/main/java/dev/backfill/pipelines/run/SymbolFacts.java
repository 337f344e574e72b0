package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.RollRow;
import dev.backfill.transforms.ContractChanges;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What the service says of one symbol over the wanted days. Immutable.
 *
 * @param symbol as requested
 * @param state what became of it
 * @param reason why it does not resolve, or not to the end; empty where it does
 * @param rows what it stood for, in order of days; of a parent every contract's days
 * @param changes of its contract; of a parent only the number of contracts is of use
 */
record SymbolFacts(
    String symbol, State state, String reason, List<RollRow> rows, ContractChanges changes) {
  /** What became of a symbol. */
  enum State {
    /** It resolves up to the end. */
    RESOLVES,
    /** It resolved, and does no more. */
    ENDED,
    /** The dataset knows no such symbol on any of the days. */
    UNKNOWN,
    /** A parent under which nothing is listed on any of the days. */
    NOTHING_LISTED,
    /** The service does not take it for a symbol of that stype. */
    WRONG_FORM,
    /** The catalogue has it on another dataset. */
    ELSEWHERE,
    /** This key may not have the dataset. */
    NOT_ENTITLED;

    /** As JSON has it. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the list. */
  SymbolFacts {
    rows = List.copyOf(rows);
  }

  /** One that resolves on no day. */
  static SymbolFacts nothing(String symbol, State state, String reason) {
    return new SymbolFacts(symbol, state, reason, List.of(), ContractChanges.of(List.of()));
  }

  /** The same for another reason. */
  SymbolFacts because(State other, String why) {
    return new SymbolFacts(symbol, other, why, rows, changes);
  }

  /** Whether it resolves on any of the days. */
  boolean resolves() {
    return !rows.isEmpty();
  }

  /** The first UTC date on which it resolves; only where it {@link #resolves}. */
  LocalDate from() {
    return rows.stream().map(RollRow::start).min(Comparator.naturalOrder()).orElseThrow();
  }

  /** The UTC date after the last on which it resolves; only where it {@link #resolves}. */
  LocalDate to() {
    return rows.stream().map(RollRow::end).max(Comparator.naturalOrder()).orElseThrow();
  }

  /** Days between the first and the last on which it resolves to nothing; not for a parent. */
  long daysWithout() {
    long with = rows.stream().mapToLong(r -> ChronoUnit.DAYS.between(r.start(), r.end())).sum();
    return resolves() ? ChronoUnit.DAYS.between(from(), to()) - with : 0;
  }

  /** How many contracts are listed on the last day; for a parent. */
  long listedLast() {
    return resolves() ? rows.stream().filter(row -> row.end().equals(to())).count() : 0;
  }
}
