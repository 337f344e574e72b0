-- Economic series as the checks see them.
-- @batch TestBatch
-- @segment TestSegment
-- @series series_id
-- @time date
-- @key series_id, date
-- @create
CREATE TABLE IF NOT EXISTS raw.test_values (
    series_id  VARCHAR NOT NULL,
    date       DATE NOT NULL,
    value      DOUBLE
);
-- @insert
SELECT 1;
