-- One row a run.
-- @create
CREATE TABLE IF NOT EXISTS ops.backfill_runs (
    run_id          VARCHAR PRIMARY KEY,
    job_name        VARCHAR NOT NULL,
    config_hash     VARCHAR,
    runner          VARCHAR,
    started_at      TIMESTAMP NOT NULL,
    finished_at     TIMESTAMP,
    status          VARCHAR NOT NULL,
    chunks_total     INTEGER,
    chunks_done      INTEGER,
    chunks_failed    INTEGER,
    chunks_skipped   INTEGER,
    rows_written    BIGINT,
    bytes_billable  BIGINT,
    cost_estimate_usd DECIMAL(12,6),
    cost_cap_usd    DECIMAL(12,6),
    note            VARCHAR
);
