-- The original system's check of freshness, which asks for a column date that its own table never had: the view has it.
WITH freshness AS (
    SELECT 'raw.databento_futures_ohlcv_1d' AS table_name, max(date) AS max_date, CURRENT_DATE - max(date) AS days_stale
    FROM raw.databento_futures_ohlcv_1d_by_date)
SELECT table_name, max_date,
       CASE WHEN max_date IS NULL THEN 'SKIP' WHEN days_stale <= 3 THEN 'PASS' WHEN days_stale <= 7 THEN 'WARN'
            ELSE 'FAIL' END AS test_result
FROM freshness;
