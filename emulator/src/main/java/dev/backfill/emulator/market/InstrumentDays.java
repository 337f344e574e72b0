package dev.backfill.emulator.market;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An instrument and the days on which a symbol stands for it.
 *
 * @param from first UTC day
 * @param to day after the last
 */
record InstrumentDays(Trading trading, Contract contract, int from, int to) {

  /** Gathers what several symbols stand for; an instrument's day comes once. Not thread-safe. */
  static final class Collector {
    private final List<InstrumentDays> parts = new ArrayList<>();
    private final Map<Contract, List<InstrumentDays>> byContract = new HashMap<>();

    void add(Symbology.Span span) {
      List<InstrumentDays> known =
          byContract.computeIfAbsent(span.contract(), c -> new ArrayList<>());
      int from = span.from();
      for (InstrumentDays other :
          known.stream().sorted(Comparator.comparingInt(InstrumentDays::from)).toList()) {
        if (other.from() < span.to() && other.to() > from) {
          add(known, span, from, other.from());
          from = other.to();
        }
      }
      add(known, span, from, span.to());
    }

    private void add(List<InstrumentDays> known, Symbology.Span span, int from, int to) {
      if (from < to) {
        InstrumentDays part = new InstrumentDays(span.trading(), span.contract(), from, to);
        known.add(part);
        parts.add(part);
      }
    }

    List<InstrumentDays> parts() {
      return parts;
    }
  }

  /** Which of many are there on a day, asked for one day after the other. Not thread-safe. */
  static final class Window {
    private final List<InstrumentDays> parts;
    private final int[] byStart;
    private final List<Integer> now = new ArrayList<>();
    private int next;

    Window(List<InstrumentDays> parts) {
      this.parts = parts;
      this.byStart =
          IntStream.range(0, parts.size())
              .boxed()
              .sorted(Comparator.comparingInt(i -> parts.get(i).from()))
              .mapToInt(Integer::intValue)
              .toArray();
    }

    /** The indexes of those that are there, rising; days must not fall. */
    List<Integer> on(int day) {
      boolean more = false;
      while (next < byStart.length && parts.get(byStart[next]).from() <= day) {
        now.add(byStart[next++]);
        more = true;
      }
      now.removeIf(i -> parts.get(i).to() <= day);
      if (more) {
        now.sort(Comparator.naturalOrder());
      }
      return now;
    }
  }
}
