-- Where each row of reference.databento_definitions came from: requested symbol, run, chunk, and the day's condition.
-- A row that joins no coverage was not written by this project.
-- @create
CREATE OR REPLACE VIEW ops.definitions_provenance AS
SELECT b.*, c.symbol AS requested_symbol, c.run_id, c.chunk_id, c.loaded_at,
       d.condition AS data_condition
FROM reference.databento_definitions b
LEFT JOIN ops.coverage c
  ON c.target_table = 'reference.databento_definitions'
 AND coalesce(c.table_symbol, c.symbol) = coalesce(b.parent_symbol, b.raw_symbol)
 AND b.ts_recv >= c.range_start AND b.ts_recv < c.range_end
LEFT JOIN ops.dataset_condition d ON d.dataset = c.dataset AND d.date = CAST(b.ts_recv AS DATE);
