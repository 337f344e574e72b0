-- What was published of each contract and trading date, one row for both: the newest final settlement, else the newest
-- preliminary one; the newest open interest, cleared volume, volatility and delta. Made from raw.databento_statistics
-- in every transaction that changes that table; nothing else writes it. symbol is the root, of an option the future's.
-- first_published and last_published are the times of the first and last statistic that it is made from.
--
-- @key contract_symbol, trading_date
-- @create
CREATE TABLE IF NOT EXISTS raw.databento_statistics_1d (
    symbol            VARCHAR NOT NULL,
    contract_symbol   VARCHAR NOT NULL,
    trading_date      DATE NOT NULL,
    settlement_price  DECIMAL(18,9),
    settlement_final  BOOLEAN,
    open_interest     BIGINT,
    cleared_volume    BIGINT,
    implied_volatility DECIMAL(18,9),
    delta             DECIMAL(18,9),
    instrument_id     BIGINT,
    parent_symbol     VARCHAR,
    ingested_at       TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    first_published   TIMESTAMP,
    last_published    TIMESTAMP
);
