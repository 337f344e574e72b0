package dev.backfill.io.duckdb;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one check found in one table. Immutable.
 *
 * @param table full name
 * @param check the check's name
 * @param severity how bad it is
 * @param says the sentence, without how many
 * @param count how many
 * @param counts what is counted, in the plural
 * @param examples by what it is about, the most first
 * @param remedy the command that mends it
 */
public record QualityFinding(
    String table,
    String check,
    Severity severity,
    String says,
    long count,
    String counts,
    List<Example> examples,
    Optional<String> remedy) {

  /** How bad a finding is, the worst first. */
  public enum Severity {
    /** The data is wrong or not all there. */
    ERROR,
    /** To be known of; the data is what the service has. */
    WARNING,
    /** Nothing is wrong. */
    INFO;

    /** As reports write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Severity of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * One of what was found.
   *
   * @param subject a series, as it stands in the table, or as it is asked for
   * @param count how many of it
   * @param first time of the first, UTC; null where there is none
   * @param last time of the last, UTC; null where there is none
   * @param detail more; may be empty
   */
  public record Example(
      String subject, long count, @Nullable Instant first, @Nullable Instant last, String detail) {}

  /** Copies the list. */
  public QualityFinding {
    examples = List.copyOf(examples);
  }

  /** The same as a mere information, with a reason. */
  public QualityFinding asInformation(String why) {
    return new QualityFinding(
        table, check, Severity.INFO, says + "; " + why, count, counts, examples, Optional.empty());
  }
}
