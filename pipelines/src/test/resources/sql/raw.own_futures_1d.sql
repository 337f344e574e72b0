-- A table of its own, as a user may add one.
--
-- @batch BarBatch
-- @segment BarSegment
-- @series symbol
-- @parent parent_symbol
-- @time as_of_date
-- @key symbol, as_of_date, publisher_id
-- @primary_key symbol, as_of_date
-- @create
CREATE TABLE IF NOT EXISTS raw.own_futures_1d (
    symbol            VARCHAR NOT NULL,
    as_of_date        DATE NOT NULL,
    open              DECIMAL(18,9),
    high              DECIMAL(18,9),
    low               DECIMAL(18,9),
    close             DECIMAL(18,9),
    volume            BIGINT,
    open_interest     BIGINT,
    source            VARCHAR DEFAULT 'databento',
    ingested_at       TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    publisher_id      INTEGER,
    instrument_id     BIGINT,
    contract_symbol   VARCHAR,
    contract_month    DATE,
    parent_symbol     VARCHAR,
    settlement_price  DECIMAL(18,9)
);
-- @insert
INSERT INTO raw.own_futures_1d (
    symbol, as_of_date, open, high, low, close, volume, source, ingested_at, publisher_id, instrument_id, contract_symbol, contract_month, parent_symbol)
SELECT
    s.symbol, CAST(r.ts_event AS DATE), r.open, r.high, r.low, r.close, r.volume, 'databento', :ingested_at, r.publisher_id, s.instrument_id, s.contract_symbol, s.contract_month, s.parent_symbol
FROM batch_rows r
JOIN batch_segments s ON s.segment = r.segment;
