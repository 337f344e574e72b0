-- Volumes below zero.
-- @of bars, options
-- @severity error
-- @says volume is below zero
-- @counts bars
-- @do backfill rerun {job} --db {db} --force --symbols {symbols} --from {from} --to {to}
-- @query
SELECT series, count(*), min(ts), max(ts), 'volume ' || min(volume)
FROM checked_rows
WHERE volume < 0
GROUP BY series
ORDER BY 2 DESC, 1
