package dev.backfill.transforms;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnRecord;
import dev.backfill.io.dbn.DbnSchema;
import dev.backfill.io.dbn.DbnWriter;
import dev.backfill.io.dbn.DefinitionField;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.OhlcvRecord;
import dev.backfill.io.dbn.RType;
import dev.backfill.io.dbn.RecordHeader;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.StatisticsRecord;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A landed answer made by hand, record by record. Prices are in units of 1e-9. */
final class Answer {
  private static final long UNDEFINED = DbnMetadata.UNDEFINED;

  private final String schema;
  private final String stype;
  private final LocalDate start;
  private final LocalDate end;
  private final Map<String, List<MappingInterval>> mappings = new LinkedHashMap<>();
  private final List<DbnRecord> records = new ArrayList<>();
  private final List<String> symbols;
  private ContractNames names = ContractNames.NONE;
  private Set<Integer> publishers = Set.of();
  private String dataset = "GLBX.MDP3";
  private int version = 3;
  private int publisher = 1;
  private long sequence;

  /** An answer for symbols from one date to before another. */
  Answer(String schema, String stype, String start, String end, String... symbols) {
    this.schema = schema;
    this.stype = stype;
    this.start = LocalDate.parse(start);
    this.end = LocalDate.parse(end);
    this.symbols = List.of(symbols);
  }

  static long ns(String time) {
    return Times.nanos(Instant.parse(time.length() == 10 ? time + "T00:00:00Z" : time));
  }

  Answer version(int number) {
    version = number;
    return this;
  }

  Answer dataset(String name) {
    dataset = name;
    return this;
  }

  Answer onlyPublishers(Integer... numbers) {
    publishers = Set.of(numbers);
    return this;
  }

  /** The records that follow are this publisher's. */
  Answer publisher(int number) {
    publisher = number;
    return this;
  }

  /** The name of an instrument over the whole answer. */
  Answer maps(String symbol, long id) {
    return maps(symbol, id, start.toString(), end.toString());
  }

  Answer maps(String symbol, long id, String from, String to) {
    mappings
        .computeIfAbsent(symbol, s -> new ArrayList<>())
        .add(new MappingInterval(LocalDate.parse(from), LocalDate.parse(to), Long.toString(id)));
    return this;
  }

  /** Which contract stood behind every instrument. */
  Answer contracts(Map<Long, String> known) {
    names =
        id ->
            known.containsKey(id)
                ? List.of(
                    new ContractNames.Named(
                        (int) start.toEpochDay(), (int) end.toEpochDay(), known.get(id)))
                : List.of();
    return this;
  }

  Answer bar(long id, String day, long price) {
    records.add(
        new OhlcvRecord(
            new RecordHeader(RType.OHLCV_1D, publisher, id, ns(day)),
            price,
            price,
            price,
            price,
            5));
    return this;
  }

  Answer record(DbnRecord record) {
    records.add(record);
    return this;
  }

  /** A statistic of a trading date; flags 1 is a final settlement. */
  Answer statistic(long id, String received, String forDay, int type, long value, int flags) {
    return statistic(id, received, forDay, type, value, flags, 1);
  }

  Answer statistic(
      long id, String received, String forDay, int type, long value, int flags, int action) {
    boolean isCount = type == 6 || type == 9;
    return record(
        new StatisticsRecord(
            new RecordHeader(RType.STATISTICS, publisher, id, ns(received)),
            ns(received),
            forDay.isEmpty() ? DbnMetadata.UNDEFINED_NS : ns(forDay),
            isCount ? UNDEFINED : value,
            isCount ? value : UNDEFINED,
            ++sequence,
            0,
            type,
            0,
            action,
            flags));
  }

  /** A definition of an option that lives from one date to another. */
  static DefinitionRecord.Builder option(
      long id, String received, String symbol, long strike, String from, String to) {
    return DefinitionRecord.builder(new RecordHeader(RType.DEFINITION, 1, id, ns("2020-01-01")))
        .set(DefinitionField.TS_RECV, ns(received))
        .set(DefinitionField.RAW_SYMBOL, symbol)
        .set(DefinitionField.INSTRUMENT_CLASS, symbol.contains(" P") ? 'P' : 'C')
        .set(DefinitionField.STRIKE_PRICE, strike)
        .set(DefinitionField.ACTIVATION, ns(from))
        .set(DefinitionField.EXPIRATION, ns(to + "T18:00:00Z"))
        .set(DefinitionField.UNDERLYING, "ZLH4")
        .set(DefinitionField.ASSET, symbol.substring(0, 3))
        .set(DefinitionField.EXCHANGE, "XCBT")
        .set(DefinitionField.CURRENCY, "USD")
        .set(DefinitionField.SECURITY_UPDATE_ACTION, 'A');
  }

  byte[] bytes() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    DbnMetadata metadata =
        DbnMetadata.builder(version)
            .dataset(dataset)
            .schema(DbnSchema.parse(schema))
            .stypeIn(SType.parse(stype))
            .stypeOut(SType.INSTRUMENT_ID)
            .startNs(Times.nanos(start))
            .endNs(Times.nanos(end))
            .symbols(symbols)
            .mappings(
                mappings.entrySet().stream()
                    .map(m -> new SymbolMapping(m.getKey(), m.getValue()))
                    .toList())
            .build();
    try (DbnWriter writer = new DbnWriter(file, metadata)) {
      for (DbnRecord record : records) {
        writer.write(record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toByteArray();
  }

  /** Its rows, of all that was asked or of these pieces. */
  NormalizedRows rows(WantedPiece... pieces) {
    LandedChunk landed =
        Landed.chunk(
            dataset,
            schema,
            stype,
            symbols,
            Times.nanos(start),
            Times.nanos(end),
            LandedState.LANDED,
            "file");
    byte[] content = bytes();
    return RowSources.of(
        new NormalizerInput(
            landed,
            List.of("file"),
            pieces.length == 0 ? WantedPiece.of(landed) : List.of(pieces),
            publishers,
            name -> new ByteArrayInputStream(content),
            names));
  }
}
