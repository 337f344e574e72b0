-- A value that FRED does not have has no row.
-- @of values
-- @severity warning
-- @says the value is NULL, where a missing value has no row
-- @counts rows
-- @query
SELECT series, count(*), min(ts), max(ts), ''
FROM checked_rows
WHERE close IS NULL
GROUP BY series
ORDER BY 2 DESC, 1
