package dev.backfill.io.databento;

import dev.backfill.io.dbn.DbnFormatException;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.dbn.ErrorRecord;
import dev.backfill.io.dbn.RType;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads one answer to its end and checks that it is the answer to what was asked: its metadata
 * repeats the request, its bars are of the schema, lie in the range and go forward in time, and
 * nothing is left over. Counts as it goes, so that what a broken answer brought is known too.
 */
final class AnswerReader {
  /**
   * A whole answer.
   *
   * @param records how many there are
   * @param print stands for the records and their order: equal for equal ones, and practically
   *     never for others
   */
  record Decoded(DbnMetadata metadata, long records, RecordPrint print) {}

  private final Chunk chunk;
  private long records;
  private long recordBytes;

  AnswerReader(Chunk chunk) {
    this.chunk = chunk;
  }

  /** Records read so far. */
  long records() {
    return records;
  }

  /** Their bytes, uncompressed: what is billed. */
  long recordBytes() {
    return recordBytes;
  }

  /**
   * Reads and checks everything; closes the stream.
   *
   * @throws DbnFormatException if it is damaged or cut
   * @throws ServiceConnectionException if it is not the answer to the request
   */
  Decoded read(InputStream in) throws IOException {
    try (DbnReader reader = DbnReader.open(in)) {
      DbnMetadata metadata = reader.metadata();
      checkMetadata(metadata);
      RecordPrint print = readRecords(reader);
      // The body's own end, which only a further read can tell from a broken connection.
      if (in.read() >= 0) {
        throw wrong("bytes follow the end of its data");
      }
      return new Decoded(metadata, records, print);
    }
  }

  private RecordPrint readRecords(DbnReader reader) throws IOException {
    RecordPrint print = new RecordPrint();
    long firstByte = reader.byteOffset();
    int barType = BarSize.ofSchema(chunk.getSchemaName()).map(BarSize::rtype).orElse(-1);
    long last = Long.MIN_VALUE;
    try {
      while (reader.next()) {
        if (reader.rtype() == RType.ERROR) {
          throw wrong("the service reports an error in it: " + text(reader));
        }
        if (barType >= 0) {
          last = checkBar(reader, barType, last);
        }
        print.add(reader, barType >= 0);
        records++;
      }
    } finally {
      recordBytes = reader.byteOffset() - firstByte;
    }
    if (reader.skippedUnknown() > 0) {
      throw wrong(reader.skippedUnknown() + " of its records are of types that are not known");
    }
    return print;
  }

  private static String text(DbnReader reader) {
    return reader.record() instanceof ErrorRecord error ? error.err() : "no text";
  }

  private long checkBar(DbnReader reader, int barType, long last) throws IOException {
    long at = reader.tsEvent();
    if (reader.rtype() != barType) {
      throw wrong("record " + records + " is of type " + reader.rtype() + ", not " + barType);
    }
    if (at < chunk.getStartNs() || at >= chunk.getEndNs()) {
      throw wrong("bar " + records + " is of " + Times.instant(at) + ", outside the range");
    }
    if (at < last) {
      throw wrong(
          "bar " + records + " is of " + Times.instant(at) + ", before " + Times.instant(last));
    }
    return at;
  }

  private void checkMetadata(DbnMetadata metadata) throws ServiceConnectionException {
    same("dataset", chunk.getDataset(), metadata.dataset());
    same("schema", chunk.getSchemaName(), metadata.schema().apiName());
    same("stype_in", chunk.getStypeIn(), metadata.stypeIn().apiName());
    same("stype_out", SType.INSTRUMENT_ID.apiName(), metadata.stypeOut().apiName());
    same("start", Times.text(chunk.getStartNs()), Times.text(metadata.startNs()));
    same("end", Times.text(chunk.getEndNs()), Times.text(metadata.endNs()));
    same("limit", 0L, metadata.limit());
    Set<String> asked = new TreeSet<>(chunk.getSymbols());
    same("symbols", asked, new TreeSet<>(metadata.symbols()));
  }

  private void same(String what, Object asked, Object answered) throws ServiceConnectionException {
    if (!asked.equals(answered)) {
      // Asked again, it would be answered and billed in the same way.
      throw ServiceConnectionException.lasting(
          about()
              + " is not the answer to it: asked for "
              + what
              + " "
              + asked
              + ", got "
              + answered,
          null);
    }
  }

  private ServiceConnectionException wrong(String why) {
    return ServiceConnectionException.passing(about() + " cannot be used: " + why, null);
  }

  private String about() {
    return "The answer to chunk " + chunk.getChunkId();
  }
}
