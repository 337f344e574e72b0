-- Which contract stood behind a requested symbol, by half-open UTC dates.
-- @create
CREATE TABLE IF NOT EXISTS reference.databento_symbology (
    dataset           VARCHAR NOT NULL,
    requested_symbol  VARCHAR NOT NULL,
    stype_in          VARCHAR NOT NULL,
    start_date        DATE NOT NULL,
    end_date          DATE NOT NULL,
    instrument_id     BIGINT,
    raw_symbol        VARCHAR,
    resolved_at       TIMESTAMP,
    PRIMARY KEY (dataset, requested_symbol, stype_in, start_date)
);
