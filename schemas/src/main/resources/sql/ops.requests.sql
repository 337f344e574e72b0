-- Every data request and every attempt: the memory of the money. Filled from the landing's journal.
-- @create
CREATE TABLE IF NOT EXISTS ops.requests (
    request_no      VARCHAR PRIMARY KEY,
    run_id          VARCHAR NOT NULL,
    chunk_id        VARCHAR,
    api_origin      VARCHAR NOT NULL,
    method          VARCHAR NOT NULL,
    attempt         INTEGER NOT NULL,
    started_at      TIMESTAMP NOT NULL,
    seconds         DOUBLE,
    http_status     INTEGER,
    outcome         VARCHAR NOT NULL,
    request_id      VARCHAR,
    bytes_received  BIGINT,
    billable_bytes  BIGINT,
    cost_estimate_usd DECIMAL(12,6)
);
