-- What FRED says of each series that is loaded, written in the transaction that wrote its observations.
-- last_updated is UTC; series_group is the catalogue's; category and discovered_at stay as they were found.
--
-- @create
CREATE TABLE IF NOT EXISTS raw.fred_series_metadata (
    series_id            VARCHAR PRIMARY KEY,
    title                VARCHAR,
    category             VARCHAR,
    frequency            VARCHAR,
    units                VARCHAR,
    seasonal_adjustment  VARCHAR,
    observation_start    DATE,
    observation_end      DATE,
    last_updated         TIMESTAMP,
    popularity           INTEGER,
    notes                VARCHAR,
    discovered_at        TIMESTAMP,
    source               VARCHAR DEFAULT 'fred',
    ingested_at          TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    series_group         VARCHAR
);
