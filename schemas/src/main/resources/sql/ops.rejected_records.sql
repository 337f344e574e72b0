-- Records that failed a check, with the reason: never dropped, never loaded.
-- @create
CREATE TABLE IF NOT EXISTS ops.rejected_records (
    run_id       VARCHAR NOT NULL,
    chunk_id      VARCHAR,
    target       VARCHAR NOT NULL,
    reason       VARCHAR NOT NULL,
    record       VARCHAR,
    rejected_at  TIMESTAMP
);
