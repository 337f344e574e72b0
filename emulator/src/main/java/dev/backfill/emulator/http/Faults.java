package dev.backfill.emulator.http;

import dev.backfill.emulator.market.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The faults that are switched on, and how often each has struck. Thread-safe. */
public final class Faults {
  private static final class Armed {
    final Fault fault;
    int seen;
    int hits;

    Armed(Fault fault) {
      this.fault = fault;
    }
  }

  private final long seed;
  private final List<Armed> armed = new ArrayList<>();

  /**
   * Faults whose chances are drawn from a seed.
   *
   * @param seed the same seed and order of requests give the same hits
   */
  public Faults(long seed) {
    this.seed = seed;
  }

  /** Switches a fault on, after those that are on. */
  public synchronized void add(Fault fault) {
    armed.add(new Armed(fault));
  }

  /** Switches all off. */
  public synchronized void clear() {
    armed.clear();
  }

  /** The faults that are on, with the number of requests that each has hit. */
  public synchronized List<String> describe() {
    return armed.stream().map(a -> a.fault + " hits=" + a.hits).toList();
  }

  /** How many requests have been hit so far. */
  public synchronized int hits() {
    return armed.stream().mapToInt(a -> a.hits).sum();
  }

  /** How many requests each kind of fault has hit so far; a status by its number. */
  public synchronized Map<String, Integer> hitsByKind() {
    Map<String, Integer> hits = new TreeMap<>();
    for (Armed a : armed) {
      boolean status = a.fault.kind() == Fault.Kind.STATUS;
      String kind = a.fault.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      hits.merge(status ? "status " + a.fault.status() : kind, a.hits, Integer::sum);
    }
    return hits;
  }

  /** The fault that strikes this request, if any: the first that matches and is not used up. */
  synchronized @Nullable Fault strike(String method, List<String> symbols) {
    for (int i = 0; i < armed.size(); i++) {
      Armed a = armed.get(i);
      Fault f = a.fault;
      boolean matches =
          (f.methods().isEmpty() || f.methods().contains(method))
              && (f.symbol() == null || symbols.contains(f.symbol()))
              && (f.times() < 0 || a.hits < f.times());
      if (!matches || a.seen++ < f.skip()) {
        continue;
      }
      if (f.probability() >= 1 || Hash.unit(Hash.of(Hash.of(seed, i), a.seen)) < f.probability()) {
        a.hits++;
        return f;
      }
    }
    return null;
  }
}
