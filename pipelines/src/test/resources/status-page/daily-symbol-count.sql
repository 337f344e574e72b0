-- How many symbols and rows the daily table has.
SELECT count(DISTINCT symbol) AS symbols, count(*) AS total_rows FROM raw.databento_futures_ohlcv_1d;
