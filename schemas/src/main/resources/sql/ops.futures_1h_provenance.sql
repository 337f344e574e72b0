-- Where each row of raw.databento_futures_ohlcv_1h came from: dataset, requested symbol, run, chunk, and the day's condition.
-- A row that joins no coverage was not written by this project.
-- @create
CREATE OR REPLACE VIEW ops.futures_1h_provenance AS
SELECT b.*, c.dataset, c.symbol AS requested_symbol, c.run_id, c.chunk_id, c.loaded_at,
       d.condition AS data_condition
FROM raw.databento_futures_ohlcv_1h b
LEFT JOIN ops.coverage c
  ON c.target_table = 'raw.databento_futures_ohlcv_1h'
 AND coalesce(c.table_symbol, c.symbol) = coalesce(b.parent_symbol, b.symbol)
 AND b.ts_event >= c.range_start AND b.ts_event < c.range_end
LEFT JOIN ops.dataset_condition d ON d.dataset = c.dataset AND d.date = CAST(b.ts_event AS DATE);
