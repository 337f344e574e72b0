-- The log of work and of failures, a row per chunk. What is loaded is said by ops.coverage alone.
-- @create
CREATE TABLE IF NOT EXISTS ops.backfill_chunks (
    chunk_id         VARCHAR PRIMARY KEY,
    source          VARCHAR NOT NULL,
    dataset         VARCHAR,
    schema_name     VARCHAR,
    stype_in        VARCHAR,
    symbols         VARCHAR NOT NULL,
    range_start     TIMESTAMP NOT NULL,
    range_end       TIMESTAMP NOT NULL,
    state           VARCHAR NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    last_run_id     VARCHAR,
    last_error      VARCHAR,
    http_status     INTEGER,
    rows_fetched    BIGINT,
    rows_written    BIGINT,
    raw_file        VARCHAR,
    raw_sha256      VARCHAR,
    cost_estimate_usd DECIMAL(12,6),
    not_found       VARCHAR,
    updated_at      TIMESTAMP
);
