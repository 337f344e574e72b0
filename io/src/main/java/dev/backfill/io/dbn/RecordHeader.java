package dev.backfill.io.dbn;

/**
 * What every record begins with.
 *
 * @param rtype record type, see {@link RType}
 * @param publisherId number of dataset and venue, 0 to 65535
 * @param instrumentId 0 to 2^32-1
 * @param tsEvent time of the event in UTC ns; for a bar the inclusive start of its interval
 * @param tsOut time the record was sent, in streams that carry it; else {@link
 *     DbnMetadata#UNDEFINED_NS}
 */
public record RecordHeader(
    int rtype, int publisherId, long instrumentId, long tsEvent, long tsOut) {
  /** A header without a send time. */
  public RecordHeader(int rtype, int publisherId, long instrumentId, long tsEvent) {
    this(rtype, publisherId, instrumentId, tsEvent, DbnMetadata.UNDEFINED_NS);
  }
}
