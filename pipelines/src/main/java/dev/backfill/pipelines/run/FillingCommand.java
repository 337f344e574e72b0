package dev.backfill.pipelines.run;

import dev.backfill.pipelines.Overrides;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.util.List;
import java.util.Optional;

/**
 * The {@code run} that asks for what is missing of a job, and buys no more than what was looked at:
 * what the command line had narrowed stays narrowed. It is of the whole job, for a part has no
 * command. Immutable.
 *
 * @param job as it was looked at
 * @param narrowed what the command line had said instead of the job's own symbols and range
 * @param database the file, as commands name it
 */
record FillingCommand(Job job, Overrides narrowed, String database) {
  private static final int SYMBOLS_NAMED = 12;

  /**
   * As it can be typed.
   *
   * @param symbols of which something is missing
   * @param isRestThere whether the job's other symbols are all there, so that a command for all
   *     would ask for no more
   * @param range around what is missing; empty for all that is wanted
   */
  String text(List<String> symbols, boolean isRestThere, Optional<Interval> range) {
    StringBuilder text = new StringBuilder("backfill run ").append(name());
    text.append(" --db ").append(database);
    boolean isNarrowed = !narrowed.symbols().isEmpty() || !narrowed.groups().isEmpty();
    boolean isOfSome = symbols.size() < job.symbols().size();
    if (isNarrowed || (isOfSome && !(isRestThere && symbols.size() > SYMBOLS_NAMED))) {
      text.append(" --symbols ").append(String.join(",", symbols));
    }
    if (narrowed.vintages()) {
      text.append(" --vintages");
    }
    if (!Fred.isSourceOf(job)) {
      Optional<String> from = narrowed.from().map(FillingCommand::text);
      Optional<String> to = narrowed.to().map(FillingCommand::text);
      range
          .map(of -> Times.text(of.startNs()))
          .or(() -> from)
          .ifPresent(time -> text.append(" --from ").append(time));
      range
          .map(of -> Times.text(of.endNs()))
          .or(() -> to)
          .ifPresent(time -> text.append(" --to ").append(time));
    }
    return text.toString();
  }

  /** With {@code --vintages} a job's name has that at its end. */
  private String name() {
    String ending = "-" + job.schema();
    return narrowed.vintages() && job.wholeName().endsWith(ending)
        ? job.wholeName().substring(0, job.wholeName().length() - ending.length())
        : job.wholeName();
  }

  private static String text(JobTime time) {
    if (time instanceof JobTime.At at) {
      return Times.text(at.nanos());
    }
    return time instanceof JobTime.Back back ? "-" + back.length().toDays() + "d" : "now";
  }
}
