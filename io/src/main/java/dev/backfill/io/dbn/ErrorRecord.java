package dev.backfill.io.dbn;

/**
 * An error that the service reports inside the stream. It belongs to live streams; whoever meets
 * one in a download treats the download as failed.
 *
 * @param err what went wrong
 * @param code number of the error; {@link #UNSET} when not told, and always in version 1
 * @param isLast 1 when no further error follows; {@link #UNSET} when not told
 */
public record ErrorRecord(RecordHeader header, String err, int code, int isLast)
    implements DbnRecord {
  /** A number that is not set. */
  public static final int UNSET = 255;
}
