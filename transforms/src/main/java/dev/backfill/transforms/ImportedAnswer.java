package dev.backfill.transforms;

import dev.backfill.io.crypto.NativeCrypto;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.dbn.SymbolTimeline;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.OptionParents;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Files of bars, definitions or statistics that somebody already has, as one answer of the service:
 * those whose metadata is equal belong together. Read to their end before anything is written, so a
 * cut file changes nothing. Claims no more coverage than the files prove. Immutable.
 */
public final class ImportedAnswer {
  /** One file, read through. */
  private record Scanned(
      Path path,
      DbnMetadata metadata,
      String sha256,
      long bytes,
      long records,
      long firstNs,
      long lastNs,
      Set<String> held) {}

  private static final long MICRO_NS = 1_000;

  private final DbnMetadata metadata;
  private final List<Scanned> files;
  private final boolean whole;

  private ImportedAnswer(DbnMetadata metadata, List<Scanned> files, boolean whole) {
    this.metadata = metadata;
    this.files = files;
    this.whole = whole;
  }

  /**
   * Reads files through and puts together what belongs together.
   *
   * @throws IOException if a file is cut, damaged, or holds nothing that has a table; its name is
   *     in the message
   */
  public static List<ImportedAnswer> read(List<Path> paths) throws IOException {
    Map<DbnMetadata, List<Scanned>> answers = new LinkedHashMap<>();
    for (Path path : paths) {
      Scanned file = scan(path);
      List<Scanned> parts = answers.computeIfAbsent(file.metadata(), m -> new ArrayList<>());
      // A copy says nothing new, and its bars would come twice.
      if (parts.stream().noneMatch(other -> other.sha256().equals(file.sha256()))) {
        parts.add(file);
      }
    }
    List<ImportedAnswer> read = new ArrayList<>();
    for (Map.Entry<DbnMetadata, List<Scanned>> answer : answers.entrySet()) {
      List<Scanned> files = answer.getValue();
      files.sort(Comparator.comparingLong(Scanned::firstNs));
      refuseOverlap(files);
      long records = files.stream().mapToLong(Scanned::records).sum();
      long limit = answer.getKey().limit();
      boolean limited = limit > 0 && records >= limit;
      boolean complete =
          BatchManifest.isComplete(files.stream().map(Scanned::path).toList(), paths)
              && SplitNames.cover(
                  files.stream().map(Scanned::path).toList(),
                  answer.getKey().startNs(),
                  answer.getKey().endNs());
      boolean ends = answer.getKey().endNs() != DbnMetadata.UNDEFINED_NS;
      read.add(
          new ImportedAnswer(answer.getKey(), List.copyOf(files), !limited && complete && ends));
    }
    return read;
  }

  /** The schema of its records. */
  public String schema() {
    return metadata.schema().apiName();
  }

  /** The full name of the table that its rows belong into. */
  public String table() {
    return switch (schema()) {
      case RowSources.DEFINITION -> "reference.databento_definitions";
      case RowSources.STATISTICS -> "raw.databento_statistics";
      default ->
          isOfOptions(metadata)
              ? "raw.databento_options_ohlcv_1d"
              : BarSize.ofSchema(schema()).orElseThrow().futuresTable();
    };
  }

  private static boolean isOfOptions(DbnMetadata metadata) {
    String stype = metadata.stypeIn().apiName();
    return !metadata.symbols().isEmpty()
        && metadata.symbols().stream()
            .allMatch(
                symbol ->
                    stype.equals("parent")
                        ? OptionParents.isOptionParent(symbol)
                        : stype.equals("raw_symbol") && OptionContract.root(symbol).isPresent());
  }

  /** The series of one of the answer's symbols. */
  public Series series(String symbol) {
    return new Series(
        "databento",
        metadata.dataset(),
        metadata.schema().apiName(),
        metadata.stypeIn().apiName(),
        symbol);
  }

  /** The symbols of which it proves something: those asked for, or those held when it was cut. */
  public List<String> symbols() {
    if (whole || metadata.stypeIn().apiName().equals("parent")) {
      return metadata.symbols();
    }
    Set<String> held = new TreeSet<>();
    files.forEach(f -> held.addAll(f.held()));
    return List.copyOf(held);
  }

  /** How many records the files hold. */
  public long records() {
    return files.stream().mapToLong(Scanned::records).sum();
  }

  /**
   * The range whose every record is in the files: what may be covered. Of bars to the end of the
   * last whole one, of others to the microsecond, as tables keep their times.
   */
  public Coverage proven() {
    long step = BarSize.ofSchema(schema()).map(BarSize::lengthNs).orElse(MICRO_NS);
    long end = Math.floorDiv(whole ? metadata.endNs() : lastNs(), step) * step;
    long start = whole ? metadata.startNs() : -Math.floorDiv(-firstNs(), step) * step;
    return start < end ? Coverage.of(new Interval(start, end)) : Coverage.NONE;
  }

  /** The range of all rows, proven or not. */
  public Coverage held() {
    if (records() == 0) {
      return Coverage.NONE;
    }
    long start = Math.floorDiv(firstNs(), MICRO_NS) * MICRO_NS;
    long end = BarSize.ofSchema(schema()).isPresent() ? lastNs() + 1 : afterMicro(lastNs());
    return Coverage.of(new Interval(start, end));
  }

  private static long afterMicro(long nanos) {
    return (Math.floorDiv(nanos, MICRO_NS) + 1) * MICRO_NS;
  }

  /** A name that follows from the content alone. */
  public String id() {
    StringBuilder all = new StringBuilder();
    files.forEach(f -> all.append(f.sha256()).append('\n'));
    return "import-" + ChunkId.hash(all.toString()).substring(0, 16);
  }

  /** What the log of chunks says of it. */
  public LandedChunk describe(String runId) {
    Chunk chunk =
        Chunk.newBuilder()
            .setChunkId(id())
            .setSource("databento")
            .setDataset(metadata.dataset())
            .setSchemaName(metadata.schema().apiName())
            .setStypeIn(metadata.stypeIn().apiName())
            .setSymbols(metadata.symbols())
            .setStartNs(metadata.startNs())
            .setEndNs(metadata.endNs())
            .setEstimatedRecords(records())
            .setUsdPerRecord(0)
            .build();
    return LandedChunk.newBuilder()
        .setChunk(chunk)
        .setState(LandedState.LANDED)
        .setFile(files.get(0).path().toString())
        .setContractsFile("")
        .setFormat("dbn")
        .setBytes(files.stream().mapToLong(Scanned::bytes).sum())
        .setSha256(files.get(0).sha256())
        .setRecordCount(records())
        .setExpectedRecords(-1)
        .setVerified(true)
        .setRequestId("")
        .setWarnings(List.of())
        .setAskedAtNs(0)
        .setAttempts(0)
        .setCostEstimateUsd(0)
        .setHttpStatus(0)
        .setError("")
        .setRunId(runId)
        .setPieces(List.of())
        .build();
  }

  /** The rows of these pieces. */
  public NormalizedRows rows(String runId, List<WantedPiece> pieces) {
    return RowSources.of(
        new NormalizerInput(
            describe(runId),
            files.stream().map(f -> f.path().toString()).toList(),
            pieces,
            Set.of(),
            name -> Files.newInputStream(Path.of(name)),
            ContractNames.NONE));
  }

  /** The files' names, for messages. */
  public String names() {
    return String.join(", ", files.stream().map(f -> f.path().getFileName().toString()).toList());
  }

  private long firstNs() {
    return files.stream().filter(f -> f.records() > 0).mapToLong(Scanned::firstNs).min().orElse(0);
  }

  private long lastNs() {
    return files.stream().filter(f -> f.records() > 0).mapToLong(Scanned::lastNs).max().orElse(0);
  }

  private static Scanned scan(Path path) throws IOException {
    MessageDigest sha = NativeCrypto.sha256();
    try (InputStream in =
            new DigestInputStream(new BufferedInputStream(Files.newInputStream(path)), sha);
        DbnReader reader = DbnReader.open(in)) {
      DbnMetadata metadata = reader.metadata();
      refuseOthers(path, metadata);
      SymbolTimeline timeline = SymbolTimeline.of(metadata);
      Set<String> held = new TreeSet<>();
      boolean isBars = BarSize.ofSchema(metadata.schema().apiName()).isPresent();
      long first = Long.MAX_VALUE;
      long last = Long.MIN_VALUE;
      while (reader.next()) {
        long time = isBars ? reader.tsEvent() : reader.tsRecv();
        if (time < last) {
          throw new IOException(
              "Time goes backwards at record "
                  + reader.recordIndex()
                  + ": "
                  + Times.instant(time)
                  + " after "
                  + Times.instant(last));
        }
        first = Math.min(first, time);
        last = time;
        int mapping = timeline.lookup(reader.instrumentId(), Times.epochDay(time));
        for (; mapping >= 0; mapping = timeline.nextSame(mapping)) {
          held.add(SegmentTable.requested(timeline.mapped(mapping), metadata.stypeIn().apiName()));
        }
      }
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return new Scanned(
          path,
          metadata,
          HexFormat.of().formatHex(sha.digest()),
          Files.size(path),
          reader.recordCount(),
          first,
          last,
          held);
    } catch (IOException e) {
      throw new IOException(
          path + " cannot be imported, and nothing was changed: " + e.getMessage(), e);
    }
  }

  private static void refuseOthers(Path path, DbnMetadata metadata) throws IOException {
    String schema = metadata.schema().apiName();
    if (!RowSources.isReadable(schema)) {
      throw new IOException(
          "it holds "
              + schema
              + "; there are tables for ohlcv-1s, ohlcv-1m, ohlcv-1h, ohlcv-1d, definition and"
              + " statistics");
    }
    if (isOfOptions(metadata)
        && BarSize.ofSchema(schema).filter(s -> s != BarSize.DAY).isPresent()) {
      throw new IOException(
          "it holds " + schema + " of options, which have no table; allowed for options: ohlcv-1d");
    }
    boolean isOfNone = metadata.symbols().isEmpty();
    if (metadata.mappings().isEmpty()
        && (isOfNone || !metadata.symbols().equals(metadata.notFound()))) {
      throw new IOException(
          "its metadata maps no instrument to a symbol, as in an answer for ALL_SYMBOLS. Ask for"
              + " named symbols, "
              + path.getFileName()
              + " cannot say whose records it holds");
    }
    if (metadata.stypeIn().apiName().equals("parent") && metadata.symbols().size() > 1) {
      throw new IOException(
          "it holds several parents ("
              + String.join(", ", metadata.symbols())
              + "), and its metadata does not say which contract is whose. Ask for each parent by"
              + " itself");
    }
    String stype = metadata.stypeIn().apiName();
    if (!Set.of("raw_symbol", "continuous", "parent", "instrument_id").contains(stype)) {
      throw new IOException(
          "its symbols are of type "
              + stype
              + "; allowed: raw_symbol, continuous, parent, instrument_id");
    }
    if (schema.equals(RowSources.DEFINITION) && !Set.of("raw_symbol", "parent").contains(stype)) {
      throw new IOException(
          "its definitions were asked for by "
              + stype
              + ", and rows of definitions carry the contract's own name; allowed: raw_symbol,"
              + " parent");
    }
    String stypeOut = metadata.stypeOut().apiName();
    if (!stypeOut.equals("instrument_id") && !stype.equals("instrument_id")) {
      throw new IOException(
          "its metadata maps the symbols to "
              + stypeOut
              + ", so no bar can be told from another; allowed: instrument_id. Ask for it again"
              + " with stype_out=instrument_id");
    }
  }

  private static void refuseOverlap(List<Scanned> files) throws IOException {
    for (int i = 1; i < files.size(); i++) {
      if (files.get(i).records() > 0 && files.get(i).firstNs() < files.get(i - 1).lastNs()) {
        throw new IOException(
            files.get(i - 1).path()
                + " and "
                + files.get(i).path()
                + " have equal metadata and overlap in time: they are not parts of one answer."
                + " Import them one by one");
      }
    }
  }
}
