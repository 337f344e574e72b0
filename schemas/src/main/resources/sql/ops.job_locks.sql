-- Locks by name, as the original system defines them. The database file itself is guarded by a sidecar file lock.
-- @create
CREATE TABLE IF NOT EXISTS ops.job_locks (
    lock_name   VARCHAR PRIMARY KEY,
    locked_by   VARCHAR NOT NULL,
    locked_at   TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    expires_at  TIMESTAMP NOT NULL,
    job_type    VARCHAR,
    notes       VARCHAR
);
