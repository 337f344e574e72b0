package dev.backfill.emulator.http;

import dev.backfill.emulator.market.Resolution;
import dev.backfill.io.dbn.MappingInterval;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that text encodings give to instrument ids, by UTC date. */
final class SymbolNames {
  private record Named(long startNs, long endNs, String name) {}

  private final Map<Integer, List<Named>> byId = new HashMap<>();

  SymbolNames(Resolution resolution, boolean idsAsked) {
    resolution
        .result()
        .forEach(
            (symbol, intervals) -> {
              for (MappingInterval i : intervals) {
                String id = idsAsked ? symbol : i.symbol();
                String name = idsAsked ? i.symbol() : symbol;
                byId.computeIfAbsent(Integer.valueOf(id), k -> new ArrayList<>())
                    .add(new Named(RequestTime.toNs(i.start()), RequestTime.toNs(i.end()), name));
              }
            });
  }

  @Nullable String name(int id, long ns) {
    for (Named named : byId.getOrDefault(id, List.of())) {
      if (ns >= named.startNs() && ns < named.endNs()) {
        return named.name();
      }
    }
    return null;
  }
}
