package dev.backfill.io.dbn;

/**
 * A message of the service inside a live stream, such as a heartbeat.
 *
 * @param msg the message
 * @param code number of the message; {@link ErrorRecord#UNSET} when not told, and always in version
 *     1
 */
public record SystemRecord(RecordHeader header, String msg, int code) implements DbnRecord {}
