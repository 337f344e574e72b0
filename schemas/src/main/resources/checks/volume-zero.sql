-- The service sends no bar without a trade.
-- @of bars, options
-- @severity warning
-- @says volume is zero, where a bar without a trade has no row
-- @counts bars
-- @query
SELECT series, count(*), min(ts), max(ts), ''
FROM checked_rows
WHERE volume = 0
GROUP BY series
ORDER BY 2 DESC, 1
