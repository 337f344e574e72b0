-- Prices that the service calls undefined, or that are lost.
-- @of bars, options
-- @severity warning
-- @says a price is NULL
-- @counts bars
-- @query
SELECT series, count(*), min(ts), max(ts), ''
FROM checked_rows
WHERE open IS NULL OR high IS NULL OR low IS NULL OR close IS NULL
GROUP BY series
ORDER BY 2 DESC, 1
