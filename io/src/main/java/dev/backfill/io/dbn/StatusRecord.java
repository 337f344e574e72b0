package dev.backfill.io.dbn;

/**
 * A change of an instrument's trading status.
 *
 * @param tsRecv time the record is ordered and filtered by, UTC ns
 * @param action 7 trading, 8 halt, 9 pause, 12 close; others are kept as numbers
 * @param reason why, as a number
 * @param tradingEvent further detail, as a number
 * @param isTrading {@code Y}, {@code N}, or {@code ~} for unknown
 * @param isQuoting likewise
 * @param isShortSellRestricted likewise
 */
public record StatusRecord(
    RecordHeader header,
    long tsRecv,
    int action,
    int reason,
    int tradingEvent,
    char isTrading,
    char isQuoting,
    char isShortSellRestricted)
    implements DbnRecord {}
