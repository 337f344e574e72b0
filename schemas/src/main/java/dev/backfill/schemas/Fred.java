package dev.backfill.schemas;

import java.time.LocalDate;
import java.util.List;

/** The words of FRED as a source. A series of it is always asked for, loaded and covered whole. */
public final class Fred {
  /** As jobs and the ledger name it. */
  public static final String SOURCE = "fred";

  /** The one dataset. */
  public static final String DATASET = "FRED";

  /** The observations as they are known now. */
  public static final String OBSERVATIONS = "observations";

  /** Every value that was ever the known one. */
  public static final String VINTAGES = "vintages";

  /** How symbols are to be read. */
  public static final String STYPE = "series_id";

  /** Where the observations go. */
  public static final String TABLE = "raw.fred_economic";

  /** Where the vintages go. */
  public static final String VINTAGES_TABLE = "raw.fred_vintages";

  /** The whole of any series: from FRED's own earliest date, 1776-07-04, to before 2200-01-01. */
  public static final Interval WHOLE =
      new Interval(Times.nanos(LocalDate.of(1776, 7, 4)), Times.nanos(LocalDate.of(2200, 1, 1)));

  private Fred() {}

  /** Whether a job is of this source. */
  public static boolean isSourceOf(Job job) {
    return job.source().equals(SOURCE);
  }

  /** Whether a table holds series of this source, by its full name. */
  public static boolean isTable(String table) {
    return table.equals(TABLE) || table.equals(VINTAGES_TABLE);
  }

  /**
   * A job for some series.
   *
   * @param schema {@link #OBSERVATIONS} or {@link #VINTAGES}
   */
  public static Job job(
      String name, String schema, List<String> ids, String table, boolean primaryKey) {
    return new Job(
        name,
        SOURCE,
        DATASET,
        schema,
        STYPE,
        ids,
        new JobTime.At(WHOLE.startNs()),
        new JobTime.At(WHOLE.endNs()),
        table,
        new Job.ChunkLimits(1, Integer.MAX_VALUE),
        List.of(),
        primaryKey);
  }
}
