-- One row per series and UTC hour.
-- A bar without a trade has no row. close is the last trade, not the settlement. Prices are exact.
--
-- @batch BarBatch
-- @segment BarSegment
-- @series symbol
-- @parent parent_symbol
-- @time ts_event
-- @key symbol, ts_event, publisher_id
-- @primary_key symbol, ts_event
-- @views ops.futures_1h_provenance
-- @keeps reference.databento_symbology
-- @create
CREATE TABLE IF NOT EXISTS raw.databento_futures_ohlcv_1h (
    symbol            VARCHAR NOT NULL,
    ts_event          TIMESTAMP NOT NULL,
    open              DECIMAL(18,9),
    high              DECIMAL(18,9),
    low               DECIMAL(18,9),
    close             DECIMAL(18,9),
    volume            BIGINT,
    open_interest     BIGINT,
    source            VARCHAR DEFAULT 'databento_1h',
    ingested_at       TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    publisher_id      INTEGER,
    instrument_id     BIGINT,
    contract_symbol   VARCHAR,
    contract_month    DATE,
    parent_symbol     VARCHAR
);
-- @insert
INSERT INTO raw.databento_futures_ohlcv_1h (
    symbol, ts_event, open, high, low, close, volume, source, ingested_at, publisher_id, instrument_id, contract_symbol, contract_month, parent_symbol)
SELECT
    s.symbol, r.ts_event, r.open, r.high, r.low, r.close, r.volume, 'databento_1h', :ingested_at, r.publisher_id, s.instrument_id, s.contract_symbol, s.contract_month, s.parent_symbol
FROM batch_rows r
JOIN batch_segments s ON s.segment = r.segment;
