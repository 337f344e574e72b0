package dev.backfill.transforms;

import dev.backfill.io.duckdb.RowSource;
import dev.backfill.io.fred.FredPages;
import dev.backfill.io.fred.FredSeries;
import dev.backfill.io.landing.DamagedAnswerException;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.FredCatalog;
import dev.backfill.schemas.FredSegment;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns one landed series of FRED into {@code FredBatch} records, or into {@code VintageBatch}
 * records where all its vintages were asked for. What FRED has no value for is passed over. Pages
 * that are not whole refuse the file. Streaming: one batch is in memory.
 *
 * <p>Not thread-safe, but may be handed from thread to thread.
 */
final class FredNormalizer implements RowSource {
  /** Loaded once: it is the same for each of hundreds of series. */
  private static final FredCatalog CATALOG = FredCatalog.load();

  private final LandedChunk landed;
  private final List<WantedPiece> pieces;
  private final boolean isOfVintages;
  private final FredColumns columns;
  private @Nullable FredPages pages;
  private @Nullable VintageJoin join;
  private int lastDate = Integer.MIN_VALUE;

  FredNormalizer(LandedChunk landed) {
    this.landed = landed;
    this.pieces = WantedPiece.of(landed);
    this.isOfVintages = landed.getChunk().getSchemaName().equals(Fred.VINTAGES);
    this.columns = new FredColumns(isOfVintages);
  }

  @Override
  public LandedChunk landed() {
    return landed;
  }

  @Override
  public Opening open() throws IOException {
    close();
    lastDate = Integer.MIN_VALUE;
    boolean isLanded = landed.getState() == LandedState.LANDED;
    List<Stretch> stretches = new ArrayList<>();
    for (WantedPiece piece : pieces) {
      stretches.add(
          new Stretch(
              piece.symbol(),
              piece.symbol(),
              piece.startNs(),
              piece.endNs(),
              isLanded,
              piece.covered()));
    }
    if (!isLanded) {
      return new Opening(List.of(), stretches);
    }
    FredPages.Landed head = FredPages.landed(LandingArea.open(landed.getFile()));
    try (FredPages unread = head.pages()) {
      String id = landed.getChunk().getSymbols().get(0);
      if (!head.series().id().equals(id)) {
        throw new DamagedAnswerException(
            landed.getFile(), "it is about " + head.series().id() + " and not " + id);
      }
      return new Opening(List.of(segment(head.series())), stretches);
    }
  }

  private static FredSegment segment(FredSeries series) {
    FredSegment segment = new FredSegment();
    segment.setSeriesId(series.id());
    segment.setTitle(series.title());
    segment.setFrequency(series.frequency());
    segment.setUnits(series.units());
    segment.setSeasonalAdjustment(series.seasonalAdjustment());
    segment.setObservationStart(series.observationStart());
    segment.setObservationEnd(series.observationEnd());
    segment.setLastUpdated(series.lastUpdated());
    segment.setPopularity(series.popularity());
    segment.setNotes(series.notes());
    segment.setSeriesGroup(CATALOG.find(series.id()).map(FredCatalog.Entry::group).orElse(null));
    return segment;
  }

  @Override
  public @Nullable IndexedRecord nextBatch() throws IOException {
    if (landed.getState() != LandedState.LANDED) {
      return null;
    }
    FredPages from = pages;
    if (from == null) {
      from = FredPages.landed(LandingArea.openVerified(landed)).pages();
      pages = from;
      join = new VintageJoin();
    }
    VintageJoin joining = Objects.requireNonNull(join);
    while (!columns.isFull()) {
      if (!from.next()) {
        LandedAgreement.checkCount(landed, from.read());
        // What was still the known value at the end of the last period.
        joining.drain(this::add);
        break;
      }
      if (isOfVintages) {
        joining.take(
            new VintageJoin.Known(
                from.date(),
                from.realtimeStart(),
                from.realtimeEnd(),
                from.hasValue() ? (Double) from.value() : null),
            from.periodEnd(),
            this::add);
      } else {
        takeKnown(from);
      }
    }
    return columns.isEmpty() ? null : columns.take();
  }

  private void takeKnown(FredPages from) throws IOException {
    if (from.date() <= lastDate) {
      throw new IOException(
          "The observations of "
              + landed.getFile()
              + " go backwards at "
              + LocalDate.ofEpochDay(from.date()));
    }
    lastDate = from.date();
    if (from.hasValue()) {
      add(from.date(), 0, 0, from.value());
    }
  }

  private void add(int date, int realtimeStart, int realtimeEnd, double value) {
    long at = date * Times.DAY_NS;
    for (WantedPiece piece : pieces) {
      if (at >= piece.startNs() && at < piece.endNs()) {
        columns.add(date, realtimeStart, realtimeEnd, value);
        return;
      }
    }
  }

  @Override
  public List<Reject> takeRejects() {
    return new ArrayList<>();
  }

  @Override
  public void close() throws IOException {
    columns.release();
    join = null;
    FredPages open = pages;
    pages = null;
    if (open != null) {
      open.close();
    }
  }
}
