-- As JSON: rows that no coverage explained and that had no counterpart in what replaced them; and, where a table's
-- primary key allows a contract only once, those that gave way to the same under another name and said something else.
-- @create
CREATE TABLE IF NOT EXISTS ops.replaced_rows (
    target_table  VARCHAR NOT NULL,
    row_json      VARCHAR NOT NULL,
    replaced_by   VARCHAR NOT NULL,
    replaced_at   TIMESTAMP NOT NULL
);
