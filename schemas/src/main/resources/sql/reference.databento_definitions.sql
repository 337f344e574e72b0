-- What each instrument is, as the service said it at ts_recv: one row per instrument and time. In a snapshot ts_recv is
-- the midnight. An instrument_id is given again over the years, and a symbol's year has one digit: only the life from
-- activation to expiration tells one contract from another. Of an instrument with legs the first leg's record is kept.
-- A definition that was asked for under a parent and by its own name stands here twice; where the table has its
-- primary key, once, as the later answer.
--
-- @batch DefinitionBatch
-- @segment DefinitionSegment
-- @series raw_symbol
-- @parent parent_symbol
-- @time ts_recv
-- @key dataset, instrument_id, raw_symbol, ts_recv, parent_symbol
-- @primary_key dataset, instrument_id, raw_symbol, ts_recv
-- @views ops.definitions_provenance
-- @with raw.databento_statistics, raw.databento_statistics_1d, raw.databento_options_ohlcv_1d
-- @create
CREATE TABLE IF NOT EXISTS reference.databento_definitions (
    dataset               VARCHAR NOT NULL,
    instrument_id         BIGINT NOT NULL,
    raw_symbol            VARCHAR NOT NULL,
    ts_recv               TIMESTAMP NOT NULL,
    instrument_class      VARCHAR,
    asset                 VARCHAR,
    exchange              VARCHAR,
    currency              VARCHAR,
    underlying            VARCHAR,
    strike_price          DECIMAL(18,9),
    expiration            TIMESTAMP,
    activation            TIMESTAMP,
    min_price_increment   DECIMAL(18,9),
    unit_of_measure       VARCHAR,
    unit_of_measure_qty   DECIMAL(18,9),
    contract_multiplier   INTEGER,
    security_update_action VARCHAR,
    parent_symbol         VARCHAR,
    ingested_at           TIMESTAMP
);
-- @insert
INSERT INTO reference.databento_definitions (
    dataset, instrument_id, raw_symbol, ts_recv, instrument_class, asset, exchange, currency, underlying, strike_price, expiration, activation, min_price_increment, unit_of_measure, unit_of_measure_qty, contract_multiplier, security_update_action, parent_symbol, ingested_at)
SELECT
    s.dataset, s.instrument_id, s.raw_symbol, r.ts_recv, s.instrument_class, s.asset, s.exchange, s.currency, s.underlying, r.strike_price, r.expiration, r.activation, r.min_price_increment, s.unit_of_measure, r.unit_of_measure_qty, r.contract_multiplier, s.security_update_action, s.parent_symbol, :ingested_at
FROM batch_rows r
JOIN batch_segments s ON s.segment = r.segment;
-- The option bars of the same parents and contracts are filled again, as their own file does it. A bar whose
-- definition is gone loses what it said.
-- @enrich
CREATE OR REPLACE TEMP TABLE definition_days AS
SELECT DISTINCT b.contract_symbol, b.instrument_id, b.as_of_date
FROM raw.databento_options_ohlcv_1d b
WHERE b.parent_symbol IN (SELECT name FROM batch_pieces WHERE by_parent)
   OR b.contract_symbol IN (SELECT name FROM batch_pieces WHERE NOT by_parent)
   OR b.contract_symbol IN (
        SELECT n.raw_symbol
        FROM reference.databento_definitions n
        JOIN batch_pieces p ON n.parent_symbol = p.name AND n.ts_recv >= p.lo AND n.ts_recv < p.hi
        WHERE p.by_parent);
UPDATE raw.databento_options_ohlcv_1d o
SET strike_price = k.def.strike_price,
    expiration_date = CAST(k.def.expiration AS DATE),
    option_type = k.def.instrument_class,
    underlying_symbol = k.def.underlying
FROM (
    SELECT a.contract_symbol, a.instrument_id, a.as_of_date, f.def
    FROM definition_days a
    LEFT JOIN (
        SELECT t.contract_symbol, t.instrument_id, t.as_of_date, arg_max(
            {'strike_price': d.strike_price, 'expiration': d.expiration, 'instrument_class': d.instrument_class, 'underlying': d.underlying},
            CASE WHEN d.ts_recv < t.as_of_date + INTERVAL 1 DAY THEN epoch_us(d.ts_recv) ELSE -epoch_us(d.ts_recv) END) AS def
        FROM definition_days t
        JOIN reference.databento_definitions d
          ON d.raw_symbol = t.contract_symbol
         AND d.instrument_id = t.instrument_id
         AND d.instrument_class IN ('C', 'P')
         AND (d.activation IS NULL OR CAST(d.activation AS DATE) <= t.as_of_date)
         AND CAST(d.expiration AS DATE) >= t.as_of_date
        GROUP BY ALL) f
      ON f.contract_symbol = a.contract_symbol AND f.instrument_id = a.instrument_id AND f.as_of_date = a.as_of_date) k
WHERE o.contract_symbol = k.contract_symbol
  AND o.instrument_id = k.instrument_id
  AND o.as_of_date = k.as_of_date
  AND (o.strike_price IS DISTINCT FROM k.def.strike_price
    OR o.expiration_date IS DISTINCT FROM CAST(k.def.expiration AS DATE)
    OR o.option_type IS DISTINCT FROM k.def.instrument_class
    OR o.underlying_symbol IS DISTINCT FROM k.def.underlying);
DROP TABLE definition_days;
