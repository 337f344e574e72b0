-- Heights of tides by station: a made-up kind of row, to show that the writer knows of no kind.
--
-- @batch TideBatch
-- @segment Station
-- @series station
-- @time seen_at
-- @key station, seen_at
-- @with raw.test_moons
-- @create
CREATE TABLE IF NOT EXISTS raw.test_tides (
    station     VARCHAR NOT NULL,
    seen_at     TIMESTAMP NOT NULL,
    height_m    DOUBLE,
    gauge       INTEGER,
    calibrated  DATE,
    latitude    DECIMAL(9,6),
    loaded_at   TIMESTAMP,
    moon        VARCHAR
);
-- @insert
INSERT INTO raw.test_tides (station, seen_at, height_m, gauge, calibrated, latitude, loaded_at)
SELECT s.station, r.seen_at, r.height_m, r.gauge, r.calibrated, s.latitude, :ingested_at
FROM batch_rows r
JOIN batch_segments s ON s.segment = r.segment;
-- @enrich
UPDATE raw.test_tides AS t SET moon = m.moon
FROM raw.test_moons m, batch_pieces p
WHERE t.station = p.name AND t.seen_at >= p.lo AND t.seen_at < p.hi AND m.day = CAST(t.seen_at AS DATE);
INSERT INTO raw.test_moons (day, moon)
SELECT DISTINCT DATE '1900-01-01', station FROM batch_segments ORDER BY station;
