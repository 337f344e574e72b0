package dev.backfill.transforms;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The single UTC days that a job of snapshots wants: the first of its range, then every so many
 * days on dates that are the same whatever the range, and the last where the job names its end or
 * none of those dates lies in it. A date on a weekend, when nothing is published, is the Friday
 * before. So a later run, or one of another range, wants the same days again, which are there, and
 * few others; one up to now that wanted the newest day too would buy a snapshot every day.
 */
public final class Snapshots {
  private Snapshots() {}

  /**
   * The day on which a range begins that is counted back from its end, and so moves on every day:
   * the last of the fixed dates before it.
   *
   * @param start of a UTC day
   */
  public static long start(Job job, long start) {
    return job.snapshotDays() == 0 ? start : workday(Math.floorDiv(start, step(job)) * step(job));
  }

  /**
   * What is wanted of each symbol within the range; nothing, and so all of it, where the job wants
   * no snapshots.
   *
   * @param range of whole UTC days; null where the service has none of it
   */
  public static Map<String, Coverage> wantedOf(Job job, @Nullable Interval range) {
    if (job.snapshotDays() == 0 || range == null) {
      return Map.of();
    }
    boolean isEndFixed = job.to() instanceof JobTime.At end && end.nanos() <= range.endNs();
    Coverage days = days(range, step(job), isEndFixed);
    Map<String, Coverage> wanted = new HashMap<>();
    job.symbols().forEach(symbol -> wanted.put(symbol, days));
    return wanted;
  }

  private static Coverage days(Interval range, long step, boolean isEndFixed) {
    List<Interval> days = new ArrayList<>();
    days.add(day(range.startNs(), range));
    boolean isAnyFixed = false;
    long first = Math.floorDiv(range.startNs(), step) * step;
    for (long at = first; workday(at) < range.endNs(); at += step) {
      if (workday(at) >= range.startNs()) {
        days.add(day(workday(at), range));
        isAnyFixed = true;
      }
    }
    if (isEndFixed || !isAnyFixed) {
      days.add(day(range.endNs() - Times.DAY_NS, range));
    }
    return Coverage.of(days);
  }

  private static long workday(long at) {
    return switch (Times.date(at).getDayOfWeek()) {
      case SATURDAY -> at - Times.DAY_NS;
      case SUNDAY -> at - 2 * Times.DAY_NS;
      default -> at;
    };
  }

  private static Interval day(long start, Interval range) {
    long from = Math.max(start, range.startNs());
    return new Interval(from, Math.min(from + Times.DAY_NS, range.endNs()));
  }

  private static long step(Job job) {
    return job.snapshotDays() * Times.DAY_NS;
  }
}
