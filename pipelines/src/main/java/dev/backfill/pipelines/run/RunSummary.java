package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a run ended, read from the ledger: a paragraph for people, the same facts as JSON, and an
 * exit code. Immutable.
 *
 * @param runId empty when nothing was to be done and nothing was written
 * @param seconds of wall time
 * @param requests data requests sent, every attempt
 * @param bytesReceived over the wire
 * @param costUsd estimated, of all attempts
 * @param uncovered symbols of which something wanted is still not covered
 * @param unresolved symbols that did not exist anywhere in the wanted range
 * @param warnings what a person should know
 */
record RunSummary(
    String job,
    String table,
    String runId,
    Optional<Interval> wanted,
    int symbols,
    double seconds,
    int chunksAsked,
    int chunksFromLanding,
    long rowsWritten,
    long rowsRejected,
    long requests,
    long bytesReceived,
    double costUsd,
    List<Failed> failed,
    List<Failed> notEntitled,
    List<String> uncovered,
    List<String> unresolved,
    List<String> warnings) {

  private static final int NAMES_SHOWN = 8;

  /** A chunk that ended without an answer, and why. */
  record Failed(String chunkId, String symbols, Interval range, String reason) {}

  RunSummary {
    failed = List.copyOf(failed);
    notEntitled = List.copyOf(notEntitled);
    uncovered = List.copyOf(uncovered);
    unresolved = List.copyOf(unresolved);
    warnings = List.copyOf(warnings);
  }

  /** Whether there was nothing to fetch and nothing to load. */
  boolean nothingToDo() {
    return chunksAsked == 0 && chunksFromLanding == 0;
  }

  int exitCode() {
    if (!notEntitled.isEmpty()) {
      return ExitCodes.REFUSED;
    }
    return failed.isEmpty() && uncovered.isEmpty() ? ExitCodes.OK : ExitCodes.CHUNKS_FAILED;
  }

  /** The paragraph. */
  String text() {
    List<String> lines = new ArrayList<>();
    String span =
        wanted
            .map(w -> "from " + Times.text(w.startNs()) + " to " + Times.text(w.endNs()))
            .orElse("");
    if (nothingToDo()) {
      lines.add(
          wanted.isEmpty()
              ? job + ": the service has nothing of the wanted range"
              : job
                  + ": nothing to do; all "
                  + symbols
                  + " symbols are covered "
                  + span
                  + ". Nothing was fetched, nothing was written");
    } else {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: %s rows written to %s in %.1f s, %s (%s)",
              job,
              Console.count(rowsWritten),
              table,
              seconds,
              span,
              symbols == 1 ? "1 symbol" : symbols + " symbols"));
      lines.add(
          String.format(
              Locale.ROOT,
              "  %s, %s received, estimated cost $%.2f; %s",
              counted(requests, "request"),
              megabytes(bytesReceived),
              costUsd,
              counted(chunksFromLanding, "chunk") + " taken from the landing"));
    }
    if (rowsRejected > 0) {
      lines.add(
          "  "
              + counted(rowsRejected, "record")
              + " failed a check and "
              + (rowsRejected == 1 ? "is" : "are")
              + " kept in ops.rejected_records");
    }
    if (!unresolved.isEmpty()) {
      lines.add("  never resolved: " + names(unresolved));
    }
    warnings.forEach(w -> lines.add("  warning: " + w));
    describe(lines, notEntitled, "not in this key's subscription");
    describe(lines, failed, "failed");
    if (!failed.isEmpty() || (!uncovered.isEmpty() && notEntitled.isEmpty())) {
      lines.add(
          "  not covered: "
              + names(uncovered)
              + ". Run the same command again: it asks for just these");
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static void describe(List<String> lines, List<Failed> chunks, String what) {
    for (Failed chunk : chunks.subList(0, Math.min(NAMES_SHOWN, chunks.size()))) {
      lines.add(
          "  "
              + what
              + ": chunk "
              + chunk.chunkId()
              + " ("
              + shortened(chunk.symbols())
              + ", "
              + chunk.range()
              + "): "
              + chunk.reason());
    }
    if (chunks.size() > NAMES_SHOWN) {
      lines.add("  … and " + (chunks.size() - NAMES_SHOWN) + " more, see ops.backfill_chunks");
    }
  }

  /** The same facts for machines. */
  ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("job", job).put("table", table).put("run_id", runId).put("exit_code", exitCode());
    wanted.ifPresent(
        w ->
            node.put("from", Times.instant(w.startNs()).toString())
                .put("to", Times.instant(w.endNs()).toString()));
    node.put("symbols", symbols)
        .put("seconds", seconds)
        .put("chunks_asked", chunksAsked)
        .put("chunks_from_landing", chunksFromLanding)
        .put("rows_written", rowsWritten)
        .put("rows_rejected", rowsRejected)
        .put("requests", requests)
        .put("bytes_received", bytesReceived)
        .put("cost_estimate_usd", costUsd);
    chunks(node.putArray("failed"), failed);
    chunks(node.putArray("not_entitled"), notEntitled);
    uncovered.forEach(node.putArray("uncovered")::add);
    unresolved.forEach(node.putArray("unresolved")::add);
    warnings.forEach(node.putArray("warnings")::add);
    return node;
  }

  private static void chunks(ArrayNode array, List<Failed> chunks) {
    for (Failed chunk : chunks) {
      array
          .addObject()
          .put("chunk_id", chunk.chunkId())
          .put("symbols", chunk.symbols())
          .put("from", Times.instant(chunk.range().startNs()).toString())
          .put("to", Times.instant(chunk.range().endNs()).toString())
          .put("reason", chunk.reason());
    }
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  static String counted(long number, String thing) {
    return Console.count(number) + " " + thing + (number == 1 ? "" : "s");
  }

  private static String names(List<String> names) {
    return names.size() <= NAMES_SHOWN
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, NAMES_SHOWN))
            + " and "
            + (names.size() - NAMES_SHOWN)
            + " more";
  }

  private static String shortened(String symbols) {
    return names(List.of(symbols.split(",")));
  }
}
