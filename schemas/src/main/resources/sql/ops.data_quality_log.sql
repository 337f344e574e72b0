-- What validate found, a row per table.
-- @create
CREATE TABLE IF NOT EXISTS ops.data_quality_log (
    report_id        VARCHAR PRIMARY KEY,
    report_date      DATE NOT NULL,
    schema_name      VARCHAR NOT NULL,
    table_name       VARCHAR NOT NULL,
    total_rows       BIGINT,
    null_count       BIGINT,
    null_ratio       DECIMAL(6,4),
    duplicate_count  INTEGER,
    max_date         DATE,
    days_stale       INTEGER,
    gap_count        INTEGER,
    max_gap_days     INTEGER,
    mean_val         DECIMAL(12,4),
    std_val          DECIMAL(12,4),
    min_val          DECIMAL(12,4),
    max_val          DECIMAL(12,4),
    status           VARCHAR,
    issues           VARCHAR,
    created_at       TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
