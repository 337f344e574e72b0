-- What the venues published of each contract and day, one row per statistic: settlement prices (3), cleared volume (6),
-- open interest (9), volatility (14) and delta (15). A settlement is published several times, first preliminary, and
-- may be taken back (update_action 2). trading_date is the UTC day that it is for. What was looked up after a roll
-- has the contract's name as its symbol. What holds of a day stands in raw.databento_statistics_1d, which is made from
-- this table.
--
-- @batch StatisticsBatch
-- @segment StatisticsSegment
-- @series symbol
-- @parent parent_symbol
-- @time ts_recv
-- @key symbol, instrument_id, publisher_id, ts_recv, stat_type, trading_date, sequence, settlement_final, update_action
-- @views ops.statistics_provenance
-- @with raw.databento_statistics_1d, raw.databento_futures_ohlcv_1d, reference.databento_definitions, raw.databento_options_ohlcv_1d
-- @keeps reference.databento_symbology
-- @create
CREATE TABLE IF NOT EXISTS raw.databento_statistics (
    symbol            VARCHAR NOT NULL,
    contract_symbol   VARCHAR,
    instrument_id     BIGINT NOT NULL,
    publisher_id      INTEGER,
    ts_recv           TIMESTAMP NOT NULL,
    ts_event          TIMESTAMP,
    ts_ref            TIMESTAMP,
    trading_date      DATE NOT NULL,
    stat_type         INTEGER NOT NULL,
    price             DECIMAL(18,9),
    quantity          BIGINT,
    settlement_final  BOOLEAN,
    update_action     INTEGER,
    sequence          BIGINT,
    root              VARCHAR,
    parent_symbol     VARCHAR,
    ingested_at       TIMESTAMP
);
-- @insert
INSERT INTO raw.databento_statistics (
    symbol, contract_symbol, instrument_id, publisher_id, ts_recv, ts_event, ts_ref, trading_date, stat_type, price, quantity, settlement_final, update_action, sequence, root, parent_symbol, ingested_at)
SELECT
    s.symbol, s.contract_symbol, s.instrument_id, r.publisher_id, r.ts_recv, r.ts_event, r.ts_ref, r.trading_date, r.stat_type, r.price, r.quantity, CAST(r.settlement_final AS BOOLEAN), r.update_action, r.sequence, s.root, s.parent_symbol, :ingested_at
FROM batch_rows r
JOIN batch_segments s ON s.segment = r.segment;
-- First the contracts and days that this touches: those of which something is in the replaced ranges now, and those
-- of which something was published then, for it may be gone. Then their rows of the day, then the bars.
-- @enrich
CREATE OR REPLACE TEMP TABLE statistics_days AS
SELECT t.contract_symbol, t.trading_date
FROM raw.databento_statistics t
JOIN batch_pieces p
  ON (t.parent_symbol IS NOT NULL) = p.by_parent
 AND coalesce(t.parent_symbol, t.symbol) = p.name
 AND t.ts_recv >= p.lo AND t.ts_recv < p.hi
WHERE t.contract_symbol IS NOT NULL
UNION
SELECT s.contract_symbol, s.trading_date
FROM raw.databento_statistics_1d s
WHERE EXISTS (
    SELECT 1 FROM (SELECT DISTINCT lo, hi FROM batch_pieces) p
    WHERE s.first_published < p.hi AND s.last_published >= p.lo)
  AND (s.symbol IN (SELECT split_part(name, '.', 1) FROM batch_pieces)
    OR s.contract_symbol IN (SELECT name FROM batch_pieces)
    OR s.parent_symbol IN (SELECT name FROM batch_pieces)
    OR CAST(s.instrument_id AS VARCHAR) IN (SELECT name FROM batch_pieces));
-- What was taken back when: in the order of time and of the venue's messages, as one number.
CREATE OR REPLACE TEMP TABLE statistics_taken_back AS
SELECT contract_symbol, trading_date, stat_type, publisher_id,
    coalesce(max(said_at) FILTER (WHERE settlement_final IS NULL), 0) AS any_at,
    coalesce(max(said_at) FILTER (WHERE settlement_final), 0) AS final_at,
    coalesce(max(said_at) FILTER (WHERE NOT settlement_final), 0) AS preliminary_at
FROM (
    SELECT t.*, CAST(epoch_us(t.ts_recv) AS HUGEINT) * 4294967296 + coalesce(t.sequence, 0) AS said_at
    FROM raw.databento_statistics t
    JOIN statistics_days k ON t.contract_symbol = k.contract_symbol AND t.trading_date = k.trading_date
    WHERE t.update_action = 2)
GROUP BY ALL;
DELETE FROM raw.databento_statistics_1d s
USING statistics_days k
WHERE s.contract_symbol = k.contract_symbol AND s.trading_date = k.trading_date;
INSERT INTO raw.databento_statistics_1d (
    symbol, contract_symbol, trading_date, settlement_price, settlement_final, open_interest, cleared_volume, implied_volatility, delta, instrument_id, parent_symbol, ingested_at, first_published, last_published)
WITH judged AS (
    SELECT s.contract_symbol, s.trading_date, s.stat_type, s.price, s.quantity, s.settlement_final,
        s.symbol, s.root, s.parent_symbol, s.instrument_id, s.ts_recv,
        CAST(epoch_us(s.ts_recv) AS HUGEINT) * 4294967296 + coalesce(s.sequence, 0) AS said_at,
        coalesce(s.update_action, 1) <> 2
            AND said_at >= coalesce(b.any_at, 0)
            AND said_at >= coalesce(CASE WHEN s.settlement_final THEN b.final_at ELSE b.preliminary_at END, 0) AS holds
    FROM raw.databento_statistics s
    JOIN statistics_days k ON s.contract_symbol = k.contract_symbol AND s.trading_date = k.trading_date
    LEFT JOIN statistics_taken_back b
      ON b.contract_symbol = s.contract_symbol AND b.trading_date = s.trading_date
     AND b.stat_type = s.stat_type AND b.publisher_id = s.publisher_id
), days AS (
    SELECT
        min(coalesce(root, symbol)) AS symbol,
        contract_symbol,
        trading_date,
        -- A final settlement is newer than every preliminary one.
        arg_max(price, said_at + CASE WHEN settlement_final THEN CAST(1e36 AS HUGEINT) ELSE 0 END)
            FILTER (WHERE holds AND stat_type = 3 AND price IS NOT NULL) AS settlement_price,
        arg_max(coalesce(CAST(settlement_final AS INTEGER), -1), said_at + CASE WHEN settlement_final THEN CAST(1e36 AS HUGEINT) ELSE 0 END)
            FILTER (WHERE holds AND stat_type = 3 AND price IS NOT NULL) AS settlement_final,
        arg_max(quantity, said_at) FILTER (WHERE holds AND stat_type = 9 AND quantity IS NOT NULL) AS open_interest,
        arg_max(quantity, said_at) FILTER (WHERE holds AND stat_type = 6 AND quantity IS NOT NULL) AS cleared_volume,
        arg_max(price, said_at) FILTER (WHERE holds AND stat_type = 14 AND price IS NOT NULL) AS implied_volatility,
        arg_max(price, said_at) FILTER (WHERE holds AND stat_type = 15 AND price IS NOT NULL) AS delta,
        arg_max(instrument_id, said_at) AS instrument_id,
        min(parent_symbol) AS parent_symbol,
        min(ts_recv) AS first_published,
        max(ts_recv) AS last_published
    FROM judged
    GROUP BY contract_symbol, trading_date
)
SELECT
    symbol, contract_symbol, trading_date, settlement_price, CAST(nullif(settlement_final, -1) AS BOOLEAN), open_interest, cleared_volume, implied_volatility, delta, instrument_id, parent_symbol, :ingested_at, first_published, last_published
FROM days;
UPDATE raw.databento_futures_ohlcv_1d b
SET settlement_price = k.settlement_price, open_interest = k.open_interest
FROM (
    SELECT d.contract_symbol, d.trading_date, s.settlement_price, s.open_interest
    FROM statistics_days d
    LEFT JOIN raw.databento_statistics_1d s
      ON s.contract_symbol = d.contract_symbol AND s.trading_date = d.trading_date) k
WHERE b.contract_symbol = k.contract_symbol
  AND b.as_of_date = k.trading_date
  AND (b.settlement_price IS DISTINCT FROM k.settlement_price OR b.open_interest IS DISTINCT FROM k.open_interest);
UPDATE raw.databento_options_ohlcv_1d b
SET settlement_price = k.settlement_price,
    open_interest = k.open_interest,
    implied_volatility = k.implied_volatility,
    delta = k.delta
FROM (
    SELECT d.contract_symbol, d.trading_date, s.settlement_price, s.open_interest, s.implied_volatility, s.delta
    FROM statistics_days d
    LEFT JOIN raw.databento_statistics_1d s
      ON s.contract_symbol = d.contract_symbol AND s.trading_date = d.trading_date) k
WHERE b.contract_symbol = k.contract_symbol
  AND b.as_of_date = k.trading_date
  AND (b.settlement_price IS DISTINCT FROM k.settlement_price
    OR b.open_interest IS DISTINCT FROM k.open_interest
    OR b.implied_volatility IS DISTINCT FROM k.implied_volatility
    OR b.delta IS DISTINCT FROM k.delta);
DROP TABLE statistics_taken_back;
DROP TABLE statistics_days;
