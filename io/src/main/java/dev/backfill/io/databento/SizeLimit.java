package dev.backfill.io.databento;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/**
 * What is known of how much the service answers at once: a size that worked, one that was too
 * large, and so the next one to try. While nothing was too large there is no limit. Sizes are those
 * of {@link ChunkSplitter#size}. Not thread-safe.
 */
final class SizeLimit {
  /** No size is too large. */
  static final long NONE = Long.MAX_VALUE;

  /** After this nothing of a limit is believed any more. */
  static final Duration KEPT = Duration.ofDays(7);

  /** A size that works is not worth improving where one so little larger was too large. */
  private static final double CLOSE = 1.12;

  /** So many answers of the size that works, and a larger one is tried. */
  private static final int PATIENCE = 8;

  private static final int MAX_DOUBLINGS = 8;
  private static final double GROWTH = 1.5;
  private static final ObjectMapper JSON = new ObjectMapper();

  private long works;
  private long fails = NONE;
  private long largestFailed;
  private int falls;
  private int answers;
  private int vainTrials;
  private boolean hasProvenFailed;
  private Instant failedAt = Instant.EPOCH;

  /** Whether something was too large and nothing has shown since that this is over. */
  boolean isLimited() {
    return largestFailed > 0;
  }

  /** The largest size that was answered; 0 while none was. */
  long works() {
    return works;
  }

  /** The most to ask for now: a size that worked, or one that is worth a trial. */
  long target() {
    if (!isLimited()) {
      return NONE;
    }
    if (fails == NONE) {
      return Math.max(1, 2 * works);
    }
    if (works == 0 || fails > works * CLOSE) {
      long fall = fails / (falls <= 1 ? 2 : 4);
      return Math.max(1, Math.max(fall, (long) Math.sqrt((double) works * fails)));
    }
    boolean isDue = answers >= PATIENCE << Math.min(vainTrials, MAX_DOUBLINGS);
    return isDue ? (long) Math.ceil(works * GROWTH) : works;
  }

  /** A request of this size was answered. */
  void worked(long size) {
    if (size >= works / 2) {
      answers++;
      hasProvenFailed = false;
    }
    if (size > works) {
      works = size;
      answers = 0;
    }
    if (size >= fails) {
      fails = NONE;
    }
    if (size >= largestFailed) {
      largestFailed = 0;
      falls = 0;
      vainTrials = 0;
    }
  }

  /**
   * A request of this size was too large, while the service answered a small one.
   *
   * @param isTrial whether it was known that it might be
   */
  void tooLarge(long size, boolean isTrial, Instant now) {
    if (size <= works) {
      if (!hasProvenFailed) {
        // Once may be chance: what has worked is still believed.
        hasProvenFailed = true;
        return;
      }
      works = 0;
      hasProvenFailed = false;
    }
    failedAt = now;
    largestFailed = Math.max(largestFailed, size);
    if (size < fails) {
      fails = size;
      falls++;
      answers = 0;
    } else if (isTrial) {
      vainTrials++;
      answers = 0;
    }
  }

  /** Forgets a limit that is old. */
  void forgetOld(Instant now) {
    if (isLimited() && failedAt.plus(KEPT).isBefore(now)) {
      works = 0;
      fails = NONE;
      largestFailed = 0;
      falls = 0;
      vainTrials = 0;
    }
  }

  /** As JSON, to be read by later runs. */
  byte[] json() throws IOException {
    ObjectNode node = JSON.createObjectNode();
    if (isLimited()) {
      node.put("works", works).put("largest_failed", largestFailed);
      node.put("failed_at", failedAt.toString());
      if (fails != NONE) {
        node.put("fails", fails);
      }
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }

  /** What an earlier run has written; nothing is known where it makes no sense. */
  static SizeLimit read(byte[] json) throws IOException {
    SizeLimit limit = new SizeLimit();
    JsonNode node = JSON.readTree(json);
    long failed = node.path("largest_failed").asLong();
    if (failed <= 0) {
      return limit;
    }
    try {
      limit.failedAt = Instant.parse(node.path("failed_at").asText());
    } catch (DateTimeException e) {
      throw new IOException("failed_at is no time: " + node.path("failed_at"), e);
    }
    limit.works = Math.max(0, node.path("works").asLong());
    limit.fails = node.path("fails").asLong(NONE);
    limit.largestFailed = failed;
    limit.falls = 2;
    return limit;
  }
}
