-- Rows that no coverage explained and that had no counterpart in what replaced them, as JSON.
-- @create
CREATE TABLE IF NOT EXISTS ops.replaced_rows (
    target_table  VARCHAR NOT NULL,
    row_json      VARCHAR NOT NULL,
    replaced_by   VARCHAR NOT NULL,
    replaced_at   TIMESTAMP NOT NULL
);
