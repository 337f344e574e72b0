package dev.backfill.io.duckdb;

import dev.backfill.io.duckdb.QualityFinding.Example;
import dev.backfill.schemas.Fred;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts jobs, symbols and days into the command of a check: one for each job and stretch of days.
 */
final class RemedyCommands {
  private static final String RANGE = " --from {from} --to {to}";

  private RemedyCommands() {}

  /**
   * The commands.
   *
   * @param table of which the finding is; series of FRED are fetched whole, without a range
   * @param template with its placeholders
   * @param examples what it is to mend
   * @param jobOf whose a subject is
   */
  static List<String> of(
      String table, String template, List<Example> examples, UnaryOperator<String> jobOf) {
    String text = Fred.isTable(table) ? template.replace(RANGE, "") : template;
    Map<String, List<Example>> byJob = new LinkedHashMap<>();
    if (text.contains("{job}")) {
      examples.forEach(
          e -> byJob.computeIfAbsent(jobOf.apply(e.subject()), j -> new ArrayList<>()).add(e));
    } else {
      byJob.put("", examples);
    }
    List<String> commands = new ArrayList<>();
    byJob.forEach(
        (job, its) -> {
          List<List<Example>> stretches = text.contains(RANGE) ? stretches(its) : List.of(its);
          stretches.forEach(stretch -> commands.add(fill(text, job, stretch)));
        });
    return commands;
  }

  /** Examples of which one begins on the day on which another ends, or before, are one stretch. */
  private static List<List<Example>> stretches(List<Example> examples) {
    List<Example> byTime =
        examples.stream().sorted(Comparator.comparing(e -> day(e.first()))).toList();
    List<List<Example>> stretches = new ArrayList<>();
    LocalDate end = LocalDate.MIN;
    for (Example example : byTime) {
      if (stretches.isEmpty() || day(example.first()).isAfter(end)) {
        stretches.add(new ArrayList<>());
      }
      stretches.get(stretches.size() - 1).add(example);
      LocalDate next = day(example.last()).plusDays(1);
      end = next.isAfter(end) ? next : end;
    }
    return stretches;
  }

  private static String fill(String text, String job, List<Example> examples) {
    String filled = text.replace("{job}", job).replace(" --symbols {symbols}", symbols(examples));
    if (!filled.contains(RANGE)) {
      return filled;
    }
    LocalDate from =
        examples.stream().map(e -> day(e.first())).min(LocalDate::compareTo).orElseThrow();
    LocalDate to =
        examples.stream().map(e -> day(e.last())).max(LocalDate::compareTo).orElseThrow();
    return filled.replace("{from}", from.toString()).replace("{to}", to.plusDays(1).toString());
  }

  /** Contracts of options are not asked for by name: then the range alone narrows the command. */
  private static String symbols(List<Example> examples) {
    List<String> subjects = examples.stream().map(Example::subject).distinct().sorted().toList();
    return subjects.stream().anyMatch(subject -> subject.indexOf(' ') >= 0)
        ? ""
        : " --symbols " + String.join(",", subjects);
  }

  private static LocalDate day(@Nullable Instant time) {
    return Objects.requireNonNull(time).atOffset(ZoneOffset.UTC).toLocalDate();
  }
}
