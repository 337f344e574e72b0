package dev.backfill.io.duckdb;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
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
 * @param remedies the commands that mend it; see {@link #withCommands} for their placeholders
 */
public record QualityFinding(
    String table,
    String check,
    Severity severity,
    String says,
    long count,
    String counts,
    List<Example> examples,
    List<String> remedies) {

  private static final int COMMANDED = 5;

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

  /** Copies the lists. */
  public QualityFinding {
    examples = List.copyOf(examples);
    remedies = List.copyOf(remedies);
  }

  /**
   * The same with commands that can be typed: {@code {symbols}} are the examples' subjects, five at
   * most, and {@code {from}} and {@code {to}} the UTC days around them. Of examples that lie apart,
   * or belong to several jobs, there is one command for each stretch of days and job.
   *
   * @param jobOf whose a subject is
   * @param db the database, as commands name it
   */
  public QualityFinding withCommands(UnaryOperator<String> jobOf, String db) {
    List<Example> some = examples.subList(0, Math.min(COMMANDED, examples.size()));
    return new QualityFinding(
        table,
        check,
        severity,
        says,
        count,
        counts,
        examples,
        remedies.stream()
            .flatMap(text -> RemedyCommands.of(table, text, some, jobOf).stream())
            .map(text -> text.replace("{db}", db))
            .toList());
  }

  /** What is counted, in the singular where it is one: range, row too many. */
  public String counted() {
    return count == 1 && !counts.startsWith("series")
        ? counts.replaceFirst("s( |$)", "$1")
        : counts;
  }

  /** The same as a mere information, with a reason. */
  public QualityFinding asInformation(String why) {
    return new QualityFinding(
        table, check, Severity.INFO, says + "; " + why, count, counts, examples, List.of());
  }
}
