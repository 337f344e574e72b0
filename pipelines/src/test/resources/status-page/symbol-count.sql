-- The page's one-liner for the number of symbols.
SELECT count(DISTINCT symbol) FROM raw.databento_futures_ohlcv_1d
