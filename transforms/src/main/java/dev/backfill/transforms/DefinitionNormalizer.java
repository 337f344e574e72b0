package dev.backfill.transforms;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.RType;
import dev.backfill.io.dbn.SymbolTimeline;
import dev.backfill.schemas.DefinitionBatch;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns the definitions of one landed answer into {@link DefinitionBatch} records. The strings of a
 * definition are its segment, and all segments are said before the first row, so a file is read
 * twice: once for its strings, once for its rows. Of an instrument with legs the record of the
 * first leg is taken and the others are left out.
 */
public final class DefinitionNormalizer extends RecordNormalizer {
  /** What a definition is of, to see it come twice at one time. */
  private record Instrument(long id, String rawSymbol) {}

  private static final long NO_TIME = Long.MAX_VALUE;

  private @Nullable SymbolTimeline timeline;
  private @Nullable DefinitionSegments segments;
  private final Set<String> asked;
  private final Map<Instrument, Integer> publisherNow = new HashMap<>();
  private long now = Long.MIN_VALUE;

  DefinitionNormalizer(NormalizerInput input) {
    super(input, new PackedColumns(4, 8, 8, 8, 8, 8, 8, 4));
    asked = input.asked();
  }

  @Override
  int rtype() {
    return RType.DEFINITION;
  }

  @Override
  List<? extends IndexedRecord> begin(DbnMetadata metadata, SymbolTimeline mappings)
      throws IOException {
    String stype = series().stypeIn();
    if (!stype.equals("parent") && !stype.equals("raw_symbol")) {
      throw new IOException(
          "Definitions that were asked for by "
              + stype
              + " cannot be loaded: their rows carry the contract's own name; allowed: parent,"
              + " raw_symbol");
    }
    timeline = mappings;
    segments = new DefinitionSegments(series());
    for (String file : input().files()) {
      try (DbnReader reader = DbnReader.open(input().opener().open(file))) {
        while (reader.next()) {
          if (reader.rtype() == RType.DEFINITION
              && isOfPublishers(reader)
              && !isOutside(reader.tsRecv())
              && isWanted(reader)) {
            DefinitionRecord definition = (DefinitionRecord) reader.record();
            if (DefinitionChecks.problem(definition, asked) == null && definition.legIndex() == 0) {
              segments.index(definition);
            }
          }
        }
      }
    }
    List<? extends IndexedRecord> all = segments.all();
    // Made again while the rows are read, in the same order: very many answers may wait.
    segments = new DefinitionSegments(series());
    return all;
  }

  @Override
  void take(DbnReader reader) {
    SymbolTimeline mappings = Objects.requireNonNull(timeline, "open() comes first");
    if (mappings.lookup(reader.instrumentId(), Times.epochDay(reader.tsRecv())) < 0) {
      reject(reader, "no symbol is mapped to the instrument on that day");
      return;
    }
    DefinitionRecord definition = (DefinitionRecord) reader.record();
    String problem = DefinitionChecks.problem(definition, asked);
    if (problem != null) {
      reject(reader, problem);
    } else if (definition.legIndex() > 0) {
      leaveOut();
    } else if (isWanted(reader)) {
      int segment = Objects.requireNonNull(segments, "open() comes first").index(definition);
      if (isFirst(reader, definition)) {
        add(segment, definition);
      }
    }
  }

  /** Whether a piece that is to be loaded holds it. */
  private boolean isWanted(DbnReader reader) {
    long time = reader.tsRecv();
    SymbolTimeline mappings = Objects.requireNonNull(timeline, "open() comes first");
    int mapping = mappings.lookup(reader.instrumentId(), Times.epochDay(time));
    if (mapping < 0) {
      return false;
    }
    String symbol = series().isParent() ? series().symbol() : mappings.mapped(mapping).symbol();
    for (WantedPiece piece : input().pieces()) {
      if (piece.symbol().equals(symbol) && piece.startNs() <= time && time < piece.endNs()) {
        return true;
      }
    }
    return false;
  }

  /** Several publishers may tell of one instrument at one time; the same publisher may not. */
  private boolean isFirst(DbnReader reader, DefinitionRecord definition) {
    long micros = reader.tsRecv() / 1_000;
    if (micros != now) {
      now = micros;
      publisherNow.clear();
    }
    Integer other =
        publisherNow.putIfAbsent(
            new Instrument(reader.instrumentId(), definition.rawSymbol()), reader.publisherId());
    if (other == null) {
      return true;
    }
    if (other == reader.publisherId()) {
      reject(reader, "the same definition comes twice");
    } else {
      leaveOut();
    }
    return false;
  }

  private void add(int segment, DefinitionRecord definition) {
    columns()
        .add(
            segment,
            definition.tsRecv() / 1_000,
            definition.strikePrice(),
            micros(definition.expiration()),
            micros(definition.activation()),
            definition.minPriceIncrement(),
            definition.unitOfMeasureQty(),
            definition.contractMultiplier());
  }

  /** Not every venue says a time: zero and the undefined one are none. */
  private static long micros(long nanos) {
    return nanos == 0 || nanos == DbnMetadata.UNDEFINED_NS ? NO_TIME : nanos / 1_000;
  }

  @Override
  IndexedRecord batch(PackedColumns packed) {
    return new DefinitionBatch(
        packed.rows(),
        true,
        packed.column(0),
        packed.column(1),
        packed.column(2),
        packed.column(3),
        packed.column(4),
        packed.column(5),
        packed.column(6),
        packed.column(7));
  }

  @Override
  void release() {
    timeline = null;
    segments = null;
    publisherNow.clear();
    now = Long.MIN_VALUE;
  }
}
