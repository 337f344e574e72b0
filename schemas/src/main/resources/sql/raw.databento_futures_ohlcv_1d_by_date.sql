-- The daily bars with as_of_date also as date, which some queries expect.
-- @create
CREATE OR REPLACE VIEW raw.databento_futures_ohlcv_1d_by_date AS
SELECT *, as_of_date AS date FROM raw.databento_futures_ohlcv_1d;
