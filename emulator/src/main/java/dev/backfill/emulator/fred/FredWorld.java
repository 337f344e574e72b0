package dev.backfill.emulator.fred;

import dev.backfill.schemas.FredCatalog;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All series and what is known of them on any day, up to the emulator's now. A pure function of the
 * seed, but for what a test revises or withdraws by hand. Thread-safe.
 */
public final class FredWorld {
  /** Where FRED is, whose day decides. */
  public static final ZoneId ST_LOUIS = ZoneId.of("America/Chicago");

  /** FRED's word for: still. */
  public static final LocalDate STILL = LocalDate.of(9999, 12, 31);

  private static final LocalTime PUBLISHED = LocalTime.of(0, 1);

  private final Map<String, SeriesSpec> series = new LinkedHashMap<>();
  private final Clock clock;
  private final Map<String, Published> published = new ConcurrentHashMap<>();
  private final List<Revision> revisions = new ArrayList<>();
  private final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

  /** The epoch days of what was published by a day, so as not to gather them for each question. */
  @SuppressWarnings("ArrayRecordComponent") // small, and never compared
  private record Published(LocalDate today, int[] days) {}

  /** Values from a date on that were changed by hand. */
  private record Revision(String id, LocalDate from, Instant at, long noise) {}

  /** The world of a seed, at a clock. */
  public FredWorld(long seed, Clock clock) {
    this.clock = clock;
    for (FredCatalog.Entry entry : FredCatalog.load().entries()) {
      series.put(entry.id(), new SeriesSpec(entry, seed));
    }
  }

  /** Every series there is. */
  public List<String> ids() {
    return List.copyOf(series.keySet());
  }

  Optional<SeriesSpec> find(String id) {
    return Optional.ofNullable(series.get(id));
  }

  /** Whether there is such a series, and it was not withdrawn. */
  public boolean has(String id) {
    return series.containsKey(id) && !withdrawn.contains(id);
  }

  /**
   * Withdraws a series: from now on it does not exist for whoever asks. What it had stays known
   * here, to compare with.
   */
  public void withdraw(String id) {
    spec(id);
    withdrawn.add(id);
  }

  private SeriesSpec spec(String id) {
    return find(id).orElseThrow(() -> new IllegalArgumentException("There is no series " + id));
  }

  /** Today, in St. Louis. */
  public LocalDate today() {
    return clock.instant().atZone(ST_LOUIS).toLocalDate();
  }

  /** Whether it has ended. */
  public boolean isDiscontinued(String id) {
    return spec(id).isDiscontinued();
  }

  /** What a series is, as the endpoint {@code series} tells it. */
  public FredInfo info(String id) {
    SeriesSpec spec = spec(id);
    LocalDate today = today();
    List<LocalDate> dates = spec.dates(today);
    int last = dates.size() - 1;
    while (last > 0 && spec.releases(dates.get(last)).get(0).isAfter(today)) {
      last--;
    }
    return new FredInfo(
        spec.entry(),
        dates.get(0),
        dates.get(last),
        lastUpdated(id),
        spec.isAdjusted(),
        spec.popularity());
  }

  /** The observations as they are known today, in order of date. */
  public List<FredObservation> observations(String id) {
    LocalDate today = today();
    return observations(id, today, today);
  }

  /** Every value that was the known one on some day, by date and then by day. */
  public List<FredObservation> vintages(String id) {
    return observations(id, LocalDate.of(1776, 7, 4), STILL);
  }

  /**
   * The values that were known within a real-time period, each with the part of it in which it was,
   * by date and then by day.
   */
  public List<FredObservation> observations(String id, LocalDate start, LocalDate end) {
    SeriesSpec spec = spec(id);
    List<Revision> byHand = revisionsOf(id);
    LocalDate today = today();
    List<FredObservation> found = new ArrayList<>();
    for (LocalDate date : spec.dates(today)) {
      for (FredObservation one : history(spec, date, byHand, today)) {
        if (!one.realtimeEnd().isBefore(start) && !one.realtimeStart().isAfter(end)) {
          found.add(one.within(start, end));
        }
      }
    }
    return found;
  }

  /** All values of one date that are known by a day. */
  private static List<FredObservation> history(
      SeriesSpec spec, LocalDate date, List<Revision> byHand, LocalDate today) {
    List<LocalDate> releases = spec.releases(date);
    if (releases.size() == 1 && byHand.isEmpty()) {
      LocalDate day = releases.get(0);
      return day.isAfter(today)
          ? List.of()
          : List.of(new FredObservation(day, STILL, date, spec.value(date, 0, 0)));
    }
    SortedSet<LocalDate> days = new TreeSet<>(releases);
    LocalDate first = days.first();
    for (Revision revision : byHand) {
      LocalDate day = day(revision.at());
      if (!date.isBefore(revision.from()) && day.isAfter(first)) {
        days.add(day);
      }
    }
    List<FredObservation> values = new ArrayList<>();
    for (LocalDate day : days) {
      if (day.isAfter(today)) {
        break;
      }
      String value = spec.value(date, release(releases, day), noise(date, day, byHand));
      FredObservation before = values.isEmpty() ? null : values.get(values.size() - 1);
      if (before == null || !before.value().equals(value)) {
        if (before != null) {
          values.set(values.size() - 1, before.within(before.realtimeStart(), day.minusDays(1)));
        }
        values.add(new FredObservation(day, STILL, date, value));
      }
    }
    return values;
  }

  private static int release(List<LocalDate> releases, LocalDate day) {
    int last = 0;
    for (int i = 0; i < releases.size(); i++) {
      if (!releases.get(i).isAfter(day)) {
        last = i;
      }
    }
    return last;
  }

  private static long noise(LocalDate date, LocalDate day, List<Revision> byHand) {
    long noise = 0;
    for (Revision revision : byHand) {
      if (!date.isBefore(revision.from()) && !day(revision.at()).isAfter(day)) {
        noise = revision.noise();
      }
    }
    return noise;
  }

  /** The days on which something of a series was published or revised, up to today. */
  public List<LocalDate> vintageDates(String id) {
    LocalDate today = today();
    SortedSet<LocalDate> days = new TreeSet<>();
    for (int day : published(id, today)) {
      days.add(LocalDate.ofEpochDay(day));
    }
    revisionsOf(id).forEach(revision -> days.add(day(revision.at())));
    return days.stream().filter(day -> !day.isAfter(today)).toList();
  }

  /** The epoch days on which values of dates before a day are published, in order. */
  private int[] published(String id, LocalDate today) {
    Published known = published.get(id);
    if (known == null || !known.today().equals(today)) {
      SeriesSpec spec = spec(id);
      Set<LocalDate> days = new HashSet<>();
      spec.dates(today).forEach(date -> days.addAll(spec.releases(date)));
      days.removeIf(day -> day.isAfter(today));
      known =
          new Published(
              today, days.stream().mapToInt(day -> (int) day.toEpochDay()).sorted().toArray());
      published.put(id, known);
    }
    return known.days();
  }

  /** When a series was last published or revised. */
  public Instant lastUpdated(String id) {
    int[] days = published(id, today());
    LocalDate last =
        days.length == 0 ? spec(id).start() : LocalDate.ofEpochDay(days[days.length - 1]);
    Instant latest = last.atTime(PUBLISHED).atZone(ST_LOUIS).toInstant();
    for (Revision revision : revisionsOf(id)) {
      latest = revision.at().isAfter(latest) ? revision.at() : latest;
    }
    return latest;
  }

  /**
   * Changes the values of a series from a date on.
   *
   * @param at when that happened; from its day on they are known
   */
  public synchronized void revise(String id, LocalDate from, Instant at) {
    spec(id);
    revisions.add(new Revision(id, from, at, 1 + revisions.size()));
  }

  private synchronized List<Revision> revisionsOf(String id) {
    Instant now = clock.instant();
    return revisions.stream().filter(r -> r.id().equals(id) && !r.at().isAfter(now)).toList();
  }

  private static LocalDate day(Instant at) {
    return at.atZone(ST_LOUIS).toLocalDate();
  }
}
