-- The original system's check of primary keys, for the tables of it that are ours.
WITH expected AS (
    SELECT * FROM (VALUES
        ('raw', 'databento_futures_ohlcv_1d'), ('raw', 'fred_economic'), ('ops', 'ingestion_completion')
    ) AS t(schema_name, table_name))
SELECT e.schema_name, e.table_name,
       CASE WHEN c.constraint_type IS NOT NULL THEN 'PASS' ELSE 'FAIL' END AS test_result
FROM expected e
LEFT JOIN information_schema.table_constraints c
    ON c.table_schema = e.schema_name AND c.table_name = e.table_name AND c.constraint_type = 'PRIMARY KEY'
ORDER BY e.schema_name, e.table_name;
