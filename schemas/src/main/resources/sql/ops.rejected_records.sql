-- Records that failed a check, with the reason: never dropped, never loaded. Of a chunk the first
-- 10,000 stand here one by one (of a group 50,000); a row whose reason begins with "more: " says how
-- many others there were.
-- @create
CREATE TABLE IF NOT EXISTS ops.rejected_records (
    run_id       VARCHAR NOT NULL,
    chunk_id      VARCHAR,
    target       VARCHAR NOT NULL,
    reason       VARCHAR NOT NULL,
    record       VARCHAR,
    rejected_at  TIMESTAMP
);
