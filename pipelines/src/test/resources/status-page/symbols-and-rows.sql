-- The page's one-liner for symbols and rows.
SELECT count(DISTINCT symbol), count(*) FROM raw.databento_futures_ohlcv_1d
