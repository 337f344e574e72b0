-- One row a run: what the desk's own checks read to see that a load ended.
-- @create
CREATE TABLE IF NOT EXISTS ops.ingestion_completion (
    ingestion_id      VARCHAR PRIMARY KEY,
    source            VARCHAR NOT NULL,
    job_name          VARCHAR,
    run_id            VARCHAR NOT NULL,
    start_date        DATE,
    end_date          DATE,
    row_count         BIGINT,
    status            VARCHAR NOT NULL,
    error_message     VARCHAR,
    started_at        TIMESTAMP,
    completed_at      TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    duration_seconds  DECIMAL(10,2)
);
