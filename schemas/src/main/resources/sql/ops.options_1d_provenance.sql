-- Where each row of raw.databento_options_ohlcv_1d came from: dataset, requested symbol, run, chunk, and the day's condition.
-- A row that joins no coverage was not written by this project.
-- @create
CREATE OR REPLACE VIEW ops.options_1d_provenance AS
SELECT b.*, c.dataset, c.symbol AS requested_symbol, c.run_id, c.chunk_id, c.loaded_at,
       d.condition AS data_condition
FROM raw.databento_options_ohlcv_1d b
LEFT JOIN ops.coverage c
  ON c.target_table = 'raw.databento_options_ohlcv_1d'
 AND coalesce(c.table_symbol, c.symbol) = coalesce(b.parent_symbol, b.contract_symbol)
 AND CAST(b.as_of_date AS TIMESTAMP) >= c.range_start AND CAST(b.as_of_date AS TIMESTAMP) < c.range_end
LEFT JOIN ops.dataset_condition d ON d.dataset = c.dataset AND d.date = CAST(b.as_of_date AS DATE);
