-- Each hourly symbol: how many bars, the first and the last.
SELECT symbol, count(*) AS bars, min(ts_event) AS earliest, max(ts_event) AS latest
FROM raw.databento_futures_ohlcv_1h GROUP BY symbol ORDER BY symbol;
