package dev.backfill.io.databento;

import dev.backfill.io.databento.AnswerReader.Decoded;
import dev.backfill.io.databento.HistoricalClient.Answer;
import dev.backfill.io.databento.HistoricalClient.Query;
import dev.backfill.io.dbn.DbnFormatException;
import dev.backfill.io.failpoint.FailPoint;
import dev.backfill.io.http.HttpChannel;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.PendingAnswer;
import dev.backfill.io.landing.PendingAnswer.PublishedAnswer;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to get one answer: each is in the journal before it is sent, streams to a temporary
 * file while it is decoded, and gets its name when it is whole and counted. Belongs to one chunk
 * and thread.
 */
final class ChunkDownload {
  static final String METHOD = "timeseries.get_range";

  /**
   * What it works with.
   *
   * @param listener is told how each attempt ended, in the thread of the download
   * @param guard is asked before each attempt
   * @param miscounts what was answered before
   */
  record Tools(
      HistoricalClient client,
      LandingArea landing,
      RequestJournal journal,
      String apiOrigin,
      Clock clock,
      Consumer<RequestEntry> listener,
      RunGuard guard,
      Miscounts miscounts) {}

  /** An answer that has its name in the landing, but not yet its sidecar. */
  record Received(
      PublishedAnswer file,
      Decoded decoded,
      long expectedRecords,
      boolean verified,
      String requestId,
      List<String> warnings) {}

  private final Tools tools;
  private final Chunk chunk;
  private final String runId;
  private final Query query;
  private final RecordCount count;
  private final Set<RecordPrint> miscounted = new HashSet<>();
  private int attempts;
  private long earliestNs;
  private long askedAtNs;
  private double costUsd;
  private final DownloadBill bill;

  /**
   * A download that has not begun.
   *
   * @param earliestNs the least time under which it may land
   */
  ChunkDownload(Tools tools, Chunk chunk, String runId, long earliestNs) {
    this.earliestNs = earliestNs;
    this.askedAtNs = earliestNs;
    this.tools = tools;
    this.chunk = chunk;
    this.runId = runId;
    this.query = query(chunk);
    this.bill = new DownloadBill(tools, chunk, runId);
    this.count = new RecordCount(tools.client(), query, bill::counted);
  }

  /** What a chunk asks for. */
  static Query query(Chunk chunk) {
    return new Query(
        chunk.getDataset(),
        chunk.getSchemaName(),
        chunk.getStypeIn(),
        chunk.getSymbols(),
        chunk.getStartNs(),
        chunk.getEndNs());
  }

  /** How messages name its request, the same as the client does. */
  String call() {
    return HttpHistoricalClient.rangeCall(query);
  }

  /** Attempts made so far. */
  int attempts() {
    return attempts;
  }

  /** When the last one was sent, UTC nanoseconds since 1970. */
  long askedAtNs() {
    return askedAtNs;
  }

  /** The estimated cost of all of them. */
  double costUsd() {
    return costUsd;
  }

  /** Tries once. */
  Received attempt(int number) throws IOException {
    tools.guard().check(chunk, call());
    askedAtNs = Math.max(Times.nanos(tools.clock().instant()), earliestNs);
    earliestNs = askedAtNs + 1;
    // The place on the disk comes first: what cannot be kept is not bought.
    try (PendingAnswer pending =
        tools.landing().begin(chunk, askedAtNs, Outcomes.FORMAT, runId + "-" + number)) {
      Ending ending = new Ending(number, pending);
      try {
        Received received = receive(pending, ending);
        ending.outcome = received.verified() ? RequestEntry.OK : RequestEntry.MISCOUNTED;
        ending.isLost = false;
        return received;
      } catch (DatabentoApiException e) {
        ending.status = e.status();
        ending.requestId = e.requestId();
        throw e;
      } catch (IOException e) {
        ending.isNeverSent = HttpChannel.neverSent(e);
        throw e;
      } finally {
        ending.write();
      }
    }
  }

  private Received receive(PendingAnswer pending, Ending ending) throws IOException {
    count.start();
    Decoded decoded;
    List<String> warnings;
    try (Answer answer = tools.client().getRange(query, ending::sending)) {
      bill.answered();
      FailPoint.AFTER_REQUEST.pass();
      ending.status = 200;
      ending.requestId = answer.requestId();
      ending.outcome = RequestEntry.CUT;
      warnings = new ArrayList<>(answer.warnings());
      decoded = decode(answer, pending, ending.reader);
    }
    ending.outcome = RequestEntry.MISCOUNTED;
    ending.print = decoded.print().text();
    long expected = expectedFor(decoded);
    boolean verified = expected == decoded.records();
    if (!verified) {
      warnings.add(accepted(decoded, expected));
    }
    return new Received(
        pending.publish(), decoded, expected, verified, ending.requestId, List.copyOf(warnings));
  }

  private static Decoded decode(Answer answer, PendingAnswer pending, AnswerReader reader)
      throws IOException {
    try {
      return reader.read(new TeeInputStream(answer.body(), pending));
    } catch (DbnFormatException e) {
      throw ServiceConnectionException.passing(
          "The answer " + answer.requestId() + " is damaged or cut: " + e.getMessage(), e);
    }
  }

  /** The service's count; asked once more where it is not that of the answer. */
  private long expectedFor(Decoded decoded) throws IOException {
    long expected = count.value();
    return expected == decoded.records() ? expected : count.again();
  }

  /**
   * Takes an answer that is not verified where another attempt would not help.
   *
   * @return the warning
   * @throws ServiceConnectionException if another attempt may help
   */
  private String accepted(Decoded decoded, long expected) throws IOException {
    String counts =
        "the answer has " + decoded.records() + " records, and the service counts " + expected;
    if (expected == RecordCount.UNKNOWN) {
      return "Not verified: the records could not be counted: " + count.failure();
    }
    if (!count.isExact() && expected > decoded.records()) {
      return "Not verified: " + counts + "; it is not exact for ranges off ten-minute edges";
    }
    if (!miscounted.add(decoded.print())) {
      return "Not verified: " + counts + "; asked again, it sent the same";
    }
    if (tools.miscounts().knows(chunk.getChunkId(), decoded.print())) {
      return "Not verified: " + counts + "; asked by an earlier run, it sent the same";
    }
    throw ServiceConnectionException.passing(
        "Chunk " + chunk.getChunkId() + " came incomplete: " + counts, null);
  }

  /** How an attempt ended: goes to the journal whatever happened. */
  private final class Ending {
    private final int number;
    private final PendingAnswer pending;
    private final AnswerReader reader = new AnswerReader(chunk);
    private final long sinceNanos = System.nanoTime();
    private String outcome = RequestEntry.FAILED;
    private int status;
    private String requestId = "";
    private String print = "";
    private boolean isLost = true;
    private boolean isNeverSent;
    private @Nullable RequestEntry sent;

    Ending(int number, PendingAnswer pending) {
      this.number = number;
      this.pending = pending;
    }

    void sending() throws IOException {
      sent = bill.sent(number, askedAtNs);
      attempts = number;
    }

    void write() throws IOException {
      RequestEntry begun = sent;
      if (begun == null) {
        // It waited for its turn and was interrupted.
        return;
      }
      long billed = billedBytes();
      double cost = bill.usd(billed);
      costUsd += cost;
      if (isLost) {
        tools.guard().lost(cost, billed);
      }
      RequestEntry ended =
          begun.ended(
              outcome,
              (System.nanoTime() - sinceNanos) / 1e9,
              status,
              requestId,
              pending.bytes(),
              billed,
              cost);
      ended = print.isEmpty() || !isLost ? ended : ended.withPrint(print);
      bill.ended(ended);
      tools.listener().accept(ended);
    }

    /**
     * What the service bills: what it sent. How much of a broken answer it had sent is seen from
     * neither end, so that counts in full; so does one that nobody saw, which is in doubt.
     */
    private long billedBytes() {
      boolean isUnseen = outcome.equals(RequestEntry.FAILED) && status == 0 && !isNeverSent;
      if (!isUnseen && !outcome.equals(RequestEntry.CUT)) {
        return reader.recordBytes();
      }
      count.awaitBriefly();
      if (isUnseen || !bill.isCounted()) {
        outcome = RequestEntry.UNKNOWN;
      }
      return Math.max(bill.fullBytes(), reader.recordBytes());
    }
  }
}
