package dev.backfill.transforms;

import dev.backfill.io.dbn.DefinitionField;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.schemas.DefinitionSegment;
import dev.backfill.schemas.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one file's definitions, numbered as they first appear. Texts that many
 * instruments share, like the exchange, are kept once. Not thread-safe.
 */
final class DefinitionSegments {
  /** All the strings of one definition. */
  private record Texts(
      long instrumentId,
      String rawSymbol,
      @Nullable String instrumentClass,
      @Nullable String asset,
      @Nullable String exchange,
      @Nullable String currency,
      @Nullable String underlying,
      @Nullable String unitOfMeasure,
      @Nullable String action) {}

  private final Series series;
  private final Map<Texts, Integer> numbers = new LinkedHashMap<>();
  private final Map<String, String> shared = new HashMap<>();

  /** Empty ones of a series, under any symbol. */
  DefinitionSegments(Series series) {
    this.series = series;
  }

  /** The number of a definition's segment, which is a new one when its strings are new. */
  int index(DefinitionRecord definition) {
    Texts texts =
        new Texts(
            definition.header().instrumentId(),
            definition.rawSymbol(),
            text(definition.text(DefinitionField.INSTRUMENT_CLASS)),
            text(definition.asset()),
            text(definition.exchange()),
            text(definition.currency()),
            text(definition.underlying()),
            text(definition.text(DefinitionField.UNIT_OF_MEASURE)),
            text(definition.text(DefinitionField.SECURITY_UPDATE_ACTION)));
    Integer known = numbers.putIfAbsent(texts, numbers.size());
    return known == null ? numbers.size() - 1 : known;
  }

  /** The segments so far, by number. */
  List<DefinitionSegment> all() {
    List<DefinitionSegment> all = new ArrayList<>(numbers.size());
    for (Texts t : numbers.keySet()) {
      DefinitionSegment segment = new DefinitionSegment();
      segment.setDataset(series.dataset());
      segment.setInstrumentId(t.instrumentId());
      segment.setRawSymbol(t.rawSymbol());
      set(t.instrumentClass(), segment::setInstrumentClass);
      set(t.asset(), segment::setAsset);
      set(t.exchange(), segment::setExchange);
      set(t.currency(), segment::setCurrency);
      set(t.underlying(), segment::setUnderlying);
      set(t.unitOfMeasure(), segment::setUnitOfMeasure);
      set(t.action(), segment::setSecurityUpdateAction);
      if (series.isParent()) {
        segment.setParentSymbol(series.symbol());
      }
      all.add(segment);
    }
    return all;
  }

  private static void set(@Nullable String value, Consumer<String> into) {
    if (value != null) {
      into.accept(value);
    }
  }

  /** Null for an empty text. */
  private @Nullable String text(String value) {
    return value.isEmpty() ? null : shared.computeIfAbsent(value, v -> v);
  }
}
