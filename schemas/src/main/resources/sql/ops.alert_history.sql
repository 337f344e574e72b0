-- Alerts raised: a failure or a stale table, one row each time it begins.
-- @create
CREATE TABLE IF NOT EXISTS ops.alert_history (
    alert_id      VARCHAR PRIMARY KEY,
    alert_type    VARCHAR NOT NULL,
    severity      VARCHAR NOT NULL,
    source        VARCHAR,
    model_name    VARCHAR,
    horizon_code  VARCHAR,
    title         VARCHAR NOT NULL,
    message       VARCHAR,
    status        VARCHAR DEFAULT 'open',
    resolved_at   TIMESTAMP,
    resolved_by   VARCHAR,
    raised_at     TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
