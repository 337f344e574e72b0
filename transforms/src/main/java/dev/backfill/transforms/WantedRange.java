package dev.backfill.transforms;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job wants, in UTC nanoseconds, once the service has said what it has.
 *
 * @param range clamped to the schema's available range and to whole bars; null when nothing is left
 * @param notes what was clamped and why, for the person
 */
public record WantedRange(@Nullable Interval range, List<String> notes) {

  /**
   * Clamps a job's range. The end becomes the last edge on which the service's record count is
   * exact and the last bar is whole; the start is rounded down to such an edge.
   *
   * @param available what the service has of the schema
   */
  public static WantedRange of(Job job, Interval available) {
    long edge = edgeNs(job.schema());
    List<String> notes = new ArrayList<>();
    long newest = newestEdgeNs(job.schema(), available);
    long to = newest;
    if (job.to() instanceof JobTime.At at) {
      to = Math.min(newest, edgeBeforeNs(job.schema(), at.nanos()));
      if (at.nanos() > available.endNs()) {
        notes.add(
            "until "
                + Times.text(at.nanos())
                + " was asked; "
                + job.schema()
                + " is available until "
                + Times.text(newest));
      }
      if (at.nanos() <= available.endNs() && at.nanos() != to) {
        notes.add(
            "until " + Times.text(at.nanos()) + " was asked; whole bars end at " + Times.text(to));
      }
    } else if (job.to() instanceof JobTime.Back back) {
      to = Math.floorDiv(newest - back.length().toNanos(), edge) * edge;
    }
    long from = start(job, to, newest);
    long asked = from;
    from = Math.floorDiv(asked, edge) * edge;
    if (job.from() instanceof JobTime.Back) {
      from = Snapshots.start(job, from);
    }
    if (job.from() instanceof JobTime.At && asked != from) {
      notes.add(
          "from " + Times.text(asked) + " was asked; whole bars begin at " + Times.text(from));
    }
    if (from < available.startNs()) {
      if (!(job.from() instanceof JobTime.Back)) {
        notes.add(
            "from "
                + Times.text(from)
                + " was asked; "
                + job.dataset()
                + " "
                + job.schema()
                + " begins on "
                + Times.text(available.startNs()));
      }
      from = -Math.floorDiv(-available.startNs(), edge) * edge;
    }
    return new WantedRange(from < to ? new Interval(from, to) : null, List.copyOf(notes));
  }

  /** The end of the newest interval that is complete: the last whole edge of what is available. */
  public static long newestEdgeNs(String schema, Interval available) {
    return edgeBeforeNs(schema, available.endNs());
  }

  /** The last edge of a schema's whole intervals that is not after an instant. */
  public static long edgeBeforeNs(String schema, long instantNs) {
    long edge = edgeNs(schema);
    return Math.floorDiv(instantNs, edge) * edge;
  }

  private static long edgeNs(String schema) {
    return BarSize.ofSchema(schema).map(BarSize::edgeNs).orElse(Times.DAY_NS);
  }

  private static long start(Job job, long to, long newest) {
    if (job.from() instanceof JobTime.At at) {
      return at.nanos();
    }
    if (job.from() instanceof JobTime.Back back) {
      return to - back.length().toNanos();
    }
    return newest;
  }
}
