-- One row per series and the date of its period (of a month, a quarter or a week its first day, as FRED says it).
-- A value that FRED does not have ('.', a holiday) has no row. The values are those that are known now:
-- realtime_start and realtime_end are NULL, what was known when is in raw.fred_vintages.
--
-- @batch FredBatch
-- @segment FredSegment
-- @series series_id
-- @time date
-- @key series_id, date
-- @primary_key series_id, date
-- @with raw.fred_series_metadata
-- @views raw.fred_spot_prices
-- @create
CREATE TABLE IF NOT EXISTS raw.fred_economic (
    series_id       VARCHAR NOT NULL,
    date            DATE NOT NULL,
    value           DOUBLE,
    source          VARCHAR DEFAULT 'fred',
    ingested_at     TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    realtime_start  DATE,
    realtime_end    DATE
);
-- @insert
INSERT INTO raw.fred_economic (series_id, date, value, source, ingested_at)
SELECT s.series_id, r.date, r.value, 'fred', :ingested_at
FROM batch_rows r
JOIN batch_segments s ON s.segment = r.segment;
-- @enrich
UPDATE raw.fred_series_metadata m
SET title = s.title, frequency = s.frequency, units = s.units, seasonal_adjustment = s.seasonal_adjustment,
    observation_start = s.observation_start, observation_end = s.observation_end, last_updated = s.last_updated,
    popularity = s.popularity, notes = s.notes, discovered_at = coalesce(m.discovered_at, :ingested_at), source = 'fred',
    ingested_at = :ingested_at, series_group = coalesce(s.series_group, m.series_group)
FROM (FROM batch_segments QUALIFY row_number() OVER (PARTITION BY series_id ORDER BY segment DESC) = 1) s
WHERE m.series_id = s.series_id;
INSERT INTO raw.fred_series_metadata (
    series_id, title, frequency, units, seasonal_adjustment, observation_start, observation_end, last_updated,
    popularity, notes, discovered_at, source, ingested_at, series_group)
SELECT
    s.series_id, s.title, s.frequency, s.units, s.seasonal_adjustment, s.observation_start, s.observation_end, s.last_updated,
    s.popularity, s.notes, :ingested_at, 'fred', :ingested_at, s.series_group
FROM (FROM batch_segments QUALIFY row_number() OVER (PARTITION BY series_id ORDER BY segment DESC) = 1) s
WHERE NOT EXISTS (SELECT 1 FROM raw.fred_series_metadata m WHERE m.series_id = s.series_id);
