package dev.backfill.io.dbn;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes are not a whole, undamaged DBN stream that this reader knows. Nothing that was read
 * from the stream before may be taken for complete.
 */
public final class DbnFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What {@link #recordIndex} gives when the fault lies before the first record. */
  public static final long NO_RECORD = -1;

  private final String problem;
  private final long byteOffset;
  private final long recordIndex;

  DbnFormatException(String problem, long byteOffset, long recordIndex) {
    this(problem, byteOffset, recordIndex, null);
  }

  DbnFormatException(String problem, long byteOffset, long recordIndex, @Nullable Throwable cause) {
    super(
        "DBN stream, byte "
            + byteOffset
            + (recordIndex == NO_RECORD ? "" : ", record " + recordIndex)
            + ": "
            + problem,
        cause);
    this.problem = problem;
    this.byteOffset = byteOffset;
    this.recordIndex = recordIndex;
  }

  /** What was being read and what is wrong with it, without the position. */
  public String problem() {
    return problem;
  }

  /** Where the fault was met, in bytes from the start of the decoded (decompressed) stream. */
  public long byteOffset() {
    return byteOffset;
  }

  /** Index of the record that could not be read, counted from 0, or {@link #NO_RECORD}. */
  public long recordIndex() {
    return recordIndex;
  }
}
