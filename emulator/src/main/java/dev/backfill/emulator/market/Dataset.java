package dev.backfill.emulator.market;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A dataset of the market. */
public enum Dataset {
  /** CME Globex. */
  GLBX("GLBX.MDP3", "2010-06-06", new Publisher(1, "GLBX", "CME Globex MDP 3.0")),
  /** ICE Futures US. */
  IFUS(
      "IFUS.IMPACT",
      "2018-12-23",
      new Publisher(97, "IFUS", "ICE Futures US"),
      new Publisher(98, "XOFF", "ICE Futures US - Off-Market Trades")),
  /** Cboe Futures Exchange. */
  XCBF(
      "XCBF.PITCH",
      "2018-11-04",
      new Publisher(105, "XCBF", "Cboe Futures Exchange"),
      new Publisher(106, "XOFF", "Cboe Futures Exchange - Off-Market Trades"));

  /**
   * Who reports a record.
   *
   * @param id the publisher's number
   */
  public record Publisher(int id, String venue, String description) {}

  private final String code;
  private final LocalDate first;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Publisher> publishers;

  Dataset(String code, String first, Publisher... publishers) {
    this.code = code;
    this.first = LocalDate.parse(first);

    this.publishers = List.of(publishers);
  }

  /** The dataset's code, for example {@code GLBX.MDP3}. */
  public String code() {
    return code;
  }

  /** First day with data. */
  public LocalDate first() {
    return first;
  }

  /** Its publishers, the venue first. */
  public List<Publisher> publishers() {
    return publishers;
  }

  /** Whether definitions and statistics were recorded on a UTC day; never on Saturdays. */
  boolean hasData(int epochDay) {
    // Day 2 of 1970 was a Saturday.
    return Math.floorMod(epochDay - 2, 7) != 0
        && !Conditions.isMissing(epochDay)
        && epochDay >= first.toEpochDay();
  }

  /** The dataset of this code. */
  public static Optional<Dataset> of(String code) {
    return Arrays.stream(values()).filter(d -> d.code.equals(code)).findFirst();
  }
}
