-- Options as the checks see them.
-- @batch TestBatch
-- @segment TestSegment
-- @series contract_symbol
-- @parent parent_symbol
-- @time as_of_date
-- @key contract_symbol, as_of_date, publisher_id
-- @create
CREATE TABLE IF NOT EXISTS raw.test_options (
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
    publisher_id        INTEGER,
    instrument_id       BIGINT,
    parent_symbol       VARCHAR
);
-- @insert
SELECT 1;
