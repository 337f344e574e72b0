package dev.backfill.io.dbn;

/**
 * A statistic of the venue.
 *
 * @param tsRecv time the record is ordered and filtered by, UTC ns
 * @param tsRef time the statistic is for, UTC ns, often undefined
 * @param price in units of 1e-9; {@link DbnMetadata#UNDEFINED} when the statistic is a quantity
 * @param quantity {@link DbnMetadata#UNDEFINED} when the statistic is a price, in every version
 *     (versions 1 and 2 hold 32 bits and write 2^31-1 for it)
 * @param sequence number of the venue's message
 * @param tsInDelta ns from the venue's sending to {@code tsRecv}
 * @param statType 3 settlement price, 6 cleared volume, 9 open interest; others are kept as numbers
 * @param channelId channel of the venue
 * @param updateAction 1 new, 2 delete
 * @param statFlags bits whose meaning depends on the venue
 */
public record StatisticsRecord(
    RecordHeader header,
    long tsRecv,
    long tsRef,
    long price,
    long quantity,
    long sequence,
    int tsInDelta,
    int statType,
    int channelId,
    int updateAction,
    int statFlags)
    implements DbnRecord {}
