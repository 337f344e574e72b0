-- One row per option contract and UTC day. symbol is the root of the future, parent_symbol what was asked for.
-- Strike, expiration, type and underlying come from reference.databento_definitions; settlement, open interest,
-- volatility and delta from raw.databento_statistics_1d. NULL where nothing was published. Nobody publishes
-- gamma, theta and vega.
--
-- @batch BarBatch
-- @segment BarSegment
-- @series contract_symbol
-- @parent parent_symbol
-- @time as_of_date
-- @key contract_symbol, as_of_date, publisher_id
-- @primary_key contract_symbol, as_of_date
-- @row_per contract_symbol, as_of_date
-- @views ops.options_1d_provenance
-- @with reference.databento_definitions, raw.databento_statistics, raw.databento_statistics_1d
-- @create
CREATE TABLE IF NOT EXISTS raw.databento_options_ohlcv_1d (
    symbol              VARCHAR NOT NULL,
    contract_symbol     VARCHAR NOT NULL,
    as_of_date          DATE NOT NULL,
    strike_price        DECIMAL(18,9),
    expiration_date     DATE,
    option_type         VARCHAR,
    open                DECIMAL(18,9),
    high                DECIMAL(18,9),
    low                 DECIMAL(18,9),
    close               DECIMAL(18,9),
    volume              BIGINT,
    open_interest       BIGINT,
    implied_volatility  DECIMAL(18,9),
    delta               DECIMAL(18,9),
    gamma               DECIMAL(18,9),
    theta               DECIMAL(18,9),
    vega                DECIMAL(18,9),
    source              VARCHAR DEFAULT 'databento_options',
    ingested_at         TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    publisher_id        INTEGER,
    instrument_id       BIGINT,
    parent_symbol       VARCHAR,
    underlying_symbol   VARCHAR,
    settlement_price    DECIMAL(18,9)
);
-- @insert
INSERT INTO raw.databento_options_ohlcv_1d (
    symbol, contract_symbol, as_of_date, open, high, low, close, volume, source, ingested_at, publisher_id, instrument_id, parent_symbol)
SELECT
    coalesce(s.root, s.symbol), s.symbol, CAST(r.ts_event AS DATE), r.open, r.high, r.low, r.close, r.volume, 'databento_options', :ingested_at, r.publisher_id, s.instrument_id, s.parent_symbol
FROM batch_rows r
JOIN batch_segments s ON s.segment = r.segment;
-- The newest definition that was there when the day ended, else the first after it, of those whose life
-- covers the day: ids are given again, and a symbol's year has one digit.
-- @enrich
UPDATE raw.databento_options_ohlcv_1d o
SET strike_price = f.def.strike_price,
    expiration_date = CAST(f.def.expiration AS DATE),
    option_type = f.def.instrument_class,
    underlying_symbol = f.def.underlying
FROM (
    SELECT t.contract_symbol, t.instrument_id, t.as_of_date, arg_max(
        {'strike_price': d.strike_price, 'expiration': d.expiration, 'instrument_class': d.instrument_class, 'underlying': d.underlying},
        CASE WHEN d.ts_recv < t.as_of_date + INTERVAL 1 DAY THEN epoch_us(d.ts_recv) ELSE -epoch_us(d.ts_recv) END) AS def
    FROM (
        SELECT DISTINCT b.contract_symbol, b.instrument_id, b.as_of_date
        FROM raw.databento_options_ohlcv_1d b
        JOIN batch_pieces p
          ON (b.parent_symbol IS NOT NULL) = p.by_parent
         AND coalesce(b.parent_symbol, b.contract_symbol) = p.name
         AND b.as_of_date >= p.lo AND b.as_of_date < p.hi) t
    JOIN reference.databento_definitions d
      ON d.raw_symbol = t.contract_symbol
     AND d.instrument_id = t.instrument_id
     AND d.instrument_class IN ('C', 'P')
     AND (d.activation IS NULL OR CAST(d.activation AS DATE) <= t.as_of_date)
     AND CAST(d.expiration AS DATE) >= t.as_of_date
    GROUP BY ALL) f
WHERE o.contract_symbol = f.contract_symbol
  AND o.instrument_id = f.instrument_id
  AND o.as_of_date = f.as_of_date;
UPDATE raw.databento_options_ohlcv_1d o
SET settlement_price = s.settlement_price,
    open_interest = s.open_interest,
    implied_volatility = s.implied_volatility,
    delta = s.delta
FROM raw.databento_statistics_1d s, batch_pieces p
WHERE o.contract_symbol = s.contract_symbol
  AND o.as_of_date = s.trading_date
  AND (o.parent_symbol IS NOT NULL) = p.by_parent
  AND coalesce(o.parent_symbol, o.contract_symbol) = p.name
  AND o.as_of_date >= p.lo AND o.as_of_date < p.hi;
