package dev.backfill.schemas;

/**
 * The Beam counters and distributions of the job: the namespace is the public transform, the unit
 * is in the name. They are for dashboards; reports come from the ledger, never from counters.
 */
public final class MetricNames {
  /** Namespace of the transforms that ask Databento. */
  public static final String DATABENTO_IO = "DatabentoIO";

  /** Namespace of the transforms that write to DuckDB. */
  public static final String DUCKDB_IO = "DuckDbIO";

  /** Counter: chunks whose answer is in the landing and verified. */
  public static final String CHUNKS_LANDED = "chunks_landed";

  /** Counter: chunks that ended without an answer. */
  public static final String CHUNKS_FAILED = "chunks_failed";

  /** Counter: chunks that were too large, and were landed in parts. */
  public static final String CHUNKS_SPLIT = "chunks_split";

  /** Counter: requests for data, every attempt. */
  public static final String DATA_REQUESTS = "data_requests";

  /** Counter: bytes of answers as they came over the wire. */
  public static final String BYTES_RECEIVED = "bytes_received";

  /** Distribution: milliseconds from the request to the verified file. */
  public static final String LANDING_MILLIS = "landing_millis";

  /** Counter: rows in committed transactions. */
  public static final String ROWS_WRITTEN = "rows_written";

  /** Counter: records that failed a check and are kept in ops.rejected_records. */
  public static final String ROWS_REJECTED = "rows_rejected";

  /** Distribution: milliseconds of one transaction. */
  public static final String TRANSACTION_MILLIS = "transaction_millis";

  private MetricNames() {}
}
