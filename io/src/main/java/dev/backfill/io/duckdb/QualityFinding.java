package dev.backfill.io.duckdb;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
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
 * @param remedy the command that mends it; see {@link #withCommand} for its placeholders
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

  /** Copies the list. */
  public QualityFinding {
    examples = List.copyOf(examples);
  }

  /**
   * The same with a remedy that can be typed: its {@code {symbols}} are the examples' subjects,
   * five at most, and {@code {from}} and {@code {to}} the UTC days around them.
   *
   * @param job whose symbols these are
   * @param db the database, as commands name it
   */
  public QualityFinding withCommand(String job, String db) {
    List<Example> some = examples.subList(0, Math.min(COMMANDED, examples.size()));
    Optional<LocalDate> from = some.stream().flatMap(e -> day(e.first())).min(LocalDate::compareTo);
    Optional<LocalDate> to = some.stream().flatMap(e -> day(e.last())).max(LocalDate::compareTo);
    return new QualityFinding(
        table,
        check,
        severity,
        says,
        count,
        counts,
        examples,
        remedy.map(
            text ->
                text.replace("{job}", job)
                    .replace("{db}", db)
                    .replace(" --symbols {symbols}", symbols(some))
                    .replace("{from}", from.map(LocalDate::toString).orElse("FROM"))
                    .replace("{to}", to.map(day -> day.plusDays(1).toString()).orElse("TO"))));
  }

  /** Contracts of options are not asked for by name: then the range alone narrows the command. */
  private static String symbols(List<Example> some) {
    List<String> subjects = some.stream().map(Example::subject).toList();
    return subjects.stream().anyMatch(subject -> subject.indexOf(' ') >= 0)
        ? ""
        : " --symbols " + String.join(",", subjects);
  }

  private static Stream<LocalDate> day(@Nullable Instant time) {
    return Stream.ofNullable(time).map(t -> t.atOffset(ZoneOffset.UTC).toLocalDate());
  }

  /** The same as a mere information, with a reason. */
  public QualityFinding asInformation(String why) {
    return new QualityFinding(
        table, check, Severity.INFO, says + "; " + why, count, counts, examples, Optional.empty());
  }
}
