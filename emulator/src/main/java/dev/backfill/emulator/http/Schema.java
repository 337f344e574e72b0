package dev.backfill.emulator.http;

import dev.backfill.schemas.BarSize;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A kind of records that can be asked for, with what it is billed and counted by. */
enum Schema {
  OHLCV_1S(BarSize.SECOND),
  OHLCV_1M(BarSize.MINUTE),
  OHLCV_1H(BarSize.HOUR),
  OHLCV_1D(BarSize.DAY),
  /** Counted by whole days. */
  DEFINITION("definition", 520, 86_400 * RequestTime.SECOND),
  STATISTICS("statistics", 80, 600 * RequestTime.SECOND);

  private static final int BAR_BYTES = 56;

  private final String apiName;
  private final int recordBytes;
  private final long countGrainNs;
  private final @Nullable BarSize barSize;

  Schema(BarSize size) {
    this.apiName = size.schema();
    this.recordBytes = BAR_BYTES;
    this.countGrainNs = 600 * RequestTime.SECOND;
    this.barSize = size;
  }

  Schema(String apiName, int recordBytes, long countGrainNs) {
    this.apiName = apiName;
    this.recordBytes = recordBytes;
    this.countGrainNs = countGrainNs;
    this.barSize = null;
  }

  static Optional<Schema> of(String apiName) {
    return Arrays.stream(values()).filter(s -> s.apiName.equals(apiName)).findFirst();
  }

  String apiName() {
    return apiName;
  }

  /** What one record is billed as: its size in DBN version 3, whichever version is sent. */
  int recordBytes() {
    return recordBytes;
  }

  /** Counts are exact for ranges on multiples of this. */
  long countGrainNs() {
    return countGrainNs;
  }

  /** The bars' size; null where the records are not bars. */
  @Nullable BarSize barSize() {
    return barSize;
  }

  /** The unit of which the newest record must be whole; a minute where there is none. */
  long unitNs() {
    long minute = 60 * RequestTime.SECOND;
    return barSize == null ? minute : Math.max(barSize.lengthNs(), minute);
  }

  /** Roughly how many records one symbol has in a day. */
  long recordsPerDay() {
    return switch (this) {
      case OHLCV_1D -> 1;
      case OHLCV_1H -> 23;
      case OHLCV_1M -> 1_300;
      case OHLCV_1S -> 30_000;
      case DEFINITION -> 1;
      case STATISTICS -> 6;
    };
  }
}
