package dev.backfill.io.databento;

import dev.backfill.io.databento.HistoricalClient.Mapped;
import dev.backfill.io.databento.HistoricalClient.Resolution;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.io.landing.Contracts;
import dev.backfill.io.landing.Contracts.Named;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Lands the contracts behind an answer that names none itself, so that nothing is left to ask when
 * it is loaded. Free.
 */
final class ContractsAsker {
  /** The most symbols in one request. */
  static final int MOST_SYMBOLS = 2_000;

  private final HistoricalClient client;
  private final LandingArea landing;

  ContractsAsker(HistoricalClient client, LandingArea landing) {
    this.client = client;
    this.landing = landing;
  }

  /** The file's path or URI; empty where there is nothing to ask. */
  String land(Chunk chunk, long askedAtNs, DbnMetadata metadata) throws IOException {
    List<Long> ids = List.copyOf(namelessIds(chunk, metadata));
    if (ids.isEmpty()) {
      return "";
    }
    LocalDate start = Times.date(chunk.getStartNs());
    LocalDate end = Times.date(chunk.getEndNs() - 1).plusDays(1);
    Map<Long, List<Named>> names = new HashMap<>();
    for (int from = 0; from < ids.size(); from += MOST_SYMBOLS) {
      List<Long> some = ids.subList(from, Math.min(ids.size(), from + MOST_SYMBOLS));
      Resolution resolution =
          client.resolve(
              chunk.getDataset(),
              some.stream().map(String::valueOf).toList(),
              "instrument_id",
              "raw_symbol",
              start,
              end);
      for (Long id : some) {
        names.put(id, named(resolution.result().getOrDefault(id.toString(), List.of())));
      }
    }
    return landing.writeContracts(chunk, askedAtNs, Contracts.of(names).json(start, end));
  }

  private static List<Named> named(List<Mapped> mapped) {
    return mapped.stream()
        .map(one -> new Named(one.startDate(), one.endDate(), one.symbol()))
        .toList();
  }

  /**
   * Whether a symbol of the answer's mappings is a contract's own name: not one under which it was
   * asked for, unless that was its name.
   */
  static boolean namesContract(Chunk chunk, String mapped) {
    return switch (chunk.getStypeIn()) {
      case "continuous" -> false;
      case "parent", "instrument_id" -> !chunk.getSymbols().contains(mapped);
      default -> true;
    };
  }

  /** The instruments of mappings from which no contract's name can be read. */
  private static SortedSet<Long> namelessIds(Chunk chunk, DbnMetadata metadata) throws IOException {
    SortedSet<Long> ids = new TreeSet<>();
    for (SymbolMapping mapping : metadata.mappings()) {
      if (!namesContract(chunk, mapping.rawSymbol())) {
        addIds(mapping, ids);
      }
    }
    return ids;
  }

  private static void addIds(SymbolMapping mapping, SortedSet<Long> ids) throws IOException {
    for (MappingInterval interval : mapping.intervals()) {
      if (interval.symbol().isEmpty()) {
        continue;
      }
      try {
        ids.add(Long.parseLong(interval.symbol()));
      } catch (NumberFormatException e) {
        throw ServiceConnectionException.lasting(
            mapping.rawSymbol() + " stands for \"" + interval.symbol() + "\", not for an id", e);
      }
    }
  }
}
