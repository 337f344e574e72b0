package dev.backfill.io.landing;

import dev.backfill.schemas.Times;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of files in the landing: {@code <chunk_id>-<asked_at>.<kind>}, with the time so written
 * that the order of the names is the order of the times.
 */
final class LandingNames {
  static final String SIDECAR = "json";
  static final String FAILED_SIDECAR = "failed.json";
  static final String SPLIT_SIDECAR = "split.json";
  static final String CONTRACTS = "contracts.json";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSSSSSSS'Z'", Locale.ROOT);
  private static final Pattern NAME =
      Pattern.compile("([0-9A-Za-z_]+)-(\\d{8}T\\d{6}\\.\\d{9}Z)\\.([a-z0-9.]+)");
  private static final Pattern TEMPORARY =
      Pattern.compile("[0-9A-Za-z_]+-\\d{8}T\\d{6}\\.\\d{9}Z\\..+-[0-9a-f]{12}\\.tmp");
  private static final Pattern PART = Pattern.compile("[0-9A-Za-z_][0-9A-Za-z._-]*");

  /**
   * One generation of a chunk: what was asked, and when.
   *
   * @param askedAtNs UTC nanoseconds since 1970
   */
  record Generation(String chunkId, long askedAtNs) {
    String file(String kind) {
      return chunkId
          + "-"
          + STAMP.format(Times.instant(askedAtNs).atOffset(ZoneOffset.UTC))
          + "."
          + kind;
    }
  }

  /** A name taken apart. */
  record Parsed(Generation generation, String kind) {}

  private LandingNames() {}

  /** Takes a file's name apart; empty when it is not one of ours. */
  static Optional<Parsed> parse(String name) {
    Matcher m = NAME.matcher(name);
    if (!m.matches()) {
      return Optional.empty();
    }
    try {
      Instant askedAt = LocalDateTime.parse(m.group(2), STAMP).toInstant(ZoneOffset.UTC);
      return Optional.of(new Parsed(new Generation(m.group(1), Times.nanos(askedAt)), m.group(3)));
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** The chunk of a file of the landing, by the beginning of its name. */
  static String chunkId(String name) {
    int end = name.indexOf('-');
    return end < 0 ? name : name.substring(0, end);
  }

  /** Whether it is the temporary name of a file of the landing. */
  static boolean isTemporary(String name) {
    return TEMPORARY.matcher(name).matches();
  }

  /** The folder of a schema's answers. */
  static String folder(String source, String dataset, String schema) {
    return part("source", source) + "/" + part("dataset", dataset) + "/" + part("schema", schema);
  }

  /** Refuses what would lead out of the landing's folders. */
  static String part(String what, @Nullable String value) {
    if (value == null || !PART.matcher(value).matches()) {
      throw new IllegalArgumentException(
          what
              + " \""
              + value
              + "\" cannot be part of a file's name: letters, digits, dots, hyphens and"
              + " underscores are allowed");
    }
    return value;
  }
}
