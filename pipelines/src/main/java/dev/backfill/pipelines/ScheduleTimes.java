package dev.backfill.pipelines;

import dev.backfill.pipelines.schedule.Due;
import dev.backfill.schemas.Job;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** When each job is brought up to date. */
final class ScheduleTimes {
  private static final Due HOURLY =
      Due.hourly(25, "because the hour before is served twenty minutes after its end");
  private static final Due DAILY = Due.daily(1, 0, "when the UTC day before is over and served");
  private static final Map<String, Due> KNOWN = known();

  private ScheduleTimes() {}

  private static Map<String, Due> known() {
    Map<String, Due> times = new LinkedHashMap<>();
    times.put("daily-futures", DAILY);
    times.put("hourly-futures", HOURLY);
    times.put("options-daily", Due.daily(2, 0, "after the futures, whose database it waits for"));
    times.put("fred", Due.daily(3, 0, "when the day's releases in America are out"));
    return times;
  }

  /** The jobs that have a time of their own, of those that there are. */
  static List<String> usual() {
    return KNOWN.keySet().stream().filter(JobSource.BUILT_IN::contains).toList();
  }

  /**
   * When a job is due; one of bars shorter than a day is due every hour.
   *
   * @throws UsageException if there is no such job
   */
  static Due of(String nameOrPath) {
    JobSource.find(nameOrPath);
    Due known = KNOWN.get(nameOrPath);
    if (known != null) {
      return known;
    }
    if (JobSource.BUILT_IN.contains(nameOrPath)) {
      return nameOrPath.startsWith("hourly") ? HOURLY : DAILY;
    }
    Job job = JobFile.read(nameOrPath, Overrides.NONE);
    boolean isShort = job.schema().matches("ohlcv-1[hms]");
    return isShort ? HOURLY : DAILY;
  }
}
