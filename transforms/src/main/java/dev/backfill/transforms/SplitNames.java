package dev.backfill.transforms;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The dates in the names of a batch job's files, {@code glbx-mdp3-20200101-20200131.ohlcv-1d.dbn}.
 * Nothing is taken from a name but doubt: where the names' dates are fewer than the metadata's, the
 * files are parts of a job that was split, and others are missing.
 */
final class SplitNames {
  private static final Pattern DATES = Pattern.compile("-(\\d{8})(?:-(\\d{8}))?\\.");

  private SplitNames() {}

  /**
   * Whether the names speak against the files being all of the answer.
   *
   * @param startNs of the metadata, inclusive
   * @param endNs of the metadata, exclusive
   * @return false if each name has dates and together they are fewer than the metadata's
   */
  static boolean cover(List<Path> files, long startNs, long endNs) {
    List<Interval> named = new ArrayList<>();
    for (Path file : files) {
      Matcher dates = DATES.matcher(file.getFileName().toString());
      if (!dates.find()) {
        return true;
      }
      try {
        LocalDate first = date(dates.group(1));
        LocalDate last = dates.group(2) == null ? first : date(dates.group(2));
        named.add(new Interval(Times.nanos(first), Times.nanos(last.plusDays(1))));
      } catch (DateTimeException | IllegalArgumentException e) {
        return true;
      }
    }
    return startNs >= endNs || Coverage.of(named).covers(Coverage.of(new Interval(startNs, endNs)));
  }

  private static LocalDate date(String digits) {
    return LocalDate.parse(digits, DateTimeFormatter.BASIC_ISO_DATE);
  }
}
