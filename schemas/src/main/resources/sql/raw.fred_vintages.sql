-- One row per series, date and value that was ever the known one: from realtime_start to realtime_end, both inclusive;
-- realtime_end is 9999-12-31, FRED's word for it, while it still is.
--
-- @batch VintageBatch
-- @segment FredSegment
-- @series series_id
-- @time date
-- @key series_id, date, realtime_start
-- @primary_key series_id, date, realtime_start
-- @create
CREATE TABLE IF NOT EXISTS raw.fred_vintages (
    series_id       VARCHAR NOT NULL,
    date            DATE NOT NULL,
    realtime_start  DATE NOT NULL,
    realtime_end    DATE,
    value           DOUBLE,
    ingested_at     TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
-- @insert
INSERT INTO raw.fred_vintages (series_id, date, realtime_start, realtime_end, value, ingested_at)
SELECT s.series_id, r.date, r.realtime_start, r.realtime_end, r.value, :ingested_at
FROM batch_rows r
JOIN batch_segments s ON s.segment = r.segment;
