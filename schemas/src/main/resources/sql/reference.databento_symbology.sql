-- Which contract stood behind a continuous symbol, by half-open UTC dates: a row for each stretch of days with one contract.
-- Stretches of one symbol never overlap and are as long as they can be. resolved_at is when that was last found to be otherwise.
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
-- What the batch says of its days takes the place of what was known of them; a batch without the contract's name keeps the one that was known.
-- @keep
CREATE OR REPLACE TEMP TABLE rolls_of_batch_segments AS
WITH fresh AS (
    SELECT dataset, requested_symbol, stype_in, instrument_id, contract_symbol, segment,
           unnest(range(first_day, end_day, INTERVAL 1 DAY))::DATE AS day
    FROM batch_segments
    WHERE stype_in = 'continuous'
), newest AS (
    SELECT * FROM fresh
    QUALIFY row_number() OVER (PARTITION BY dataset, requested_symbol, stype_in, day ORDER BY segment DESC) = 1
), known AS (
    SELECT dataset, requested_symbol, stype_in, instrument_id, raw_symbol,
           unnest(range(start_date, end_date, INTERVAL 1 DAY))::DATE AS day
    FROM reference.databento_symbology
    SEMI JOIN newest USING (dataset, requested_symbol, stype_in)
), days AS (
    SELECT dataset, requested_symbol, stype_in, day,
           coalesce(n.instrument_id, k.instrument_id) AS instrument_id,
           CASE WHEN n.instrument_id IS NULL OR (n.contract_symbol IS NULL AND n.instrument_id = k.instrument_id)
                THEN k.raw_symbol ELSE n.contract_symbol END AS raw_symbol
    FROM newest n
    FULL JOIN known k USING (dataset, requested_symbol, stype_in, day)
), stretches AS (
    SELECT *, day - CAST(row_number() OVER (
        PARTITION BY dataset, requested_symbol, stype_in, instrument_id, raw_symbol ORDER BY day) AS INTEGER) AS stretch
    FROM days
)
SELECT dataset, requested_symbol, stype_in, min(day) AS start_date, max(day) + 1 AS end_date, instrument_id, raw_symbol
FROM stretches
GROUP BY dataset, requested_symbol, stype_in, instrument_id, raw_symbol, stretch;
DELETE FROM reference.databento_symbology k
WHERE EXISTS (
    SELECT 1 FROM rolls_of_batch_segments b
    WHERE b.dataset = k.dataset AND b.requested_symbol = k.requested_symbol AND b.stype_in = k.stype_in)
AND NOT EXISTS (
    SELECT 1 FROM rolls_of_batch_segments b
    WHERE b.dataset = k.dataset AND b.requested_symbol = k.requested_symbol AND b.stype_in = k.stype_in
      AND b.start_date = k.start_date AND b.end_date = k.end_date
      AND b.instrument_id IS NOT DISTINCT FROM k.instrument_id AND b.raw_symbol IS NOT DISTINCT FROM k.raw_symbol);
INSERT INTO reference.databento_symbology (
    dataset, requested_symbol, stype_in, start_date, end_date, instrument_id, raw_symbol, resolved_at)
SELECT b.dataset, b.requested_symbol, b.stype_in, b.start_date, b.end_date, b.instrument_id, b.raw_symbol, :ingested_at
FROM rolls_of_batch_segments b
WHERE NOT EXISTS (
    SELECT 1 FROM reference.databento_symbology k
    WHERE b.dataset = k.dataset AND b.requested_symbol = k.requested_symbol AND b.stype_in = k.stype_in
      AND b.start_date = k.start_date);
