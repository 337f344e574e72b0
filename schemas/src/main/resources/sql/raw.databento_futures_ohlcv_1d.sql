-- One row per series and UTC day: as_of_date is the UTC date on which the bar opens (a Sunday evening session is dated Sunday).
-- A bar without a trade has no row. close is the last trade, not the settlement. Prices are exact.
-- settlement_price and open_interest come from raw.databento_statistics_1d, by contract and day.
--
-- @batch BarBatch
-- @segment BarSegment
-- @series symbol
-- @parent parent_symbol
-- @time as_of_date
-- @key symbol, as_of_date, publisher_id
-- @primary_key symbol, as_of_date
-- @row_per symbol, as_of_date
-- @views ops.futures_1d_provenance, raw.databento_futures_ohlcv_1d_by_date
-- @with raw.databento_statistics, raw.databento_statistics_1d
-- @keeps reference.databento_symbology
-- @create
CREATE TABLE IF NOT EXISTS raw.databento_futures_ohlcv_1d (
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
INSERT INTO raw.databento_futures_ohlcv_1d (
    symbol, as_of_date, open, high, low, close, volume, source, ingested_at, publisher_id, instrument_id, contract_symbol, contract_month, parent_symbol)
SELECT
    s.symbol, CAST(r.ts_event AS DATE), r.open, r.high, r.low, r.close, r.volume, 'databento', :ingested_at, r.publisher_id, s.instrument_id, s.contract_symbol, s.contract_month, s.parent_symbol
FROM batch_rows r
JOIN batch_segments s ON s.segment = r.segment;
-- Nothing to read where no statistics were loaded.
-- @enrich
UPDATE raw.databento_futures_ohlcv_1d b
SET settlement_price = s.settlement_price, open_interest = s.open_interest
FROM raw.databento_statistics_1d s, batch_pieces p
WHERE EXISTS (SELECT 1 FROM raw.databento_statistics_1d)
  AND b.contract_symbol = s.contract_symbol
  AND b.as_of_date = s.trading_date
  AND (b.parent_symbol IS NOT NULL) = p.by_parent
  AND coalesce(b.parent_symbol, b.symbol) = p.name
  AND b.as_of_date >= p.lo AND b.as_of_date < p.hi;
