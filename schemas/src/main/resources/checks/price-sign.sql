-- Prices at or below zero, where the product cannot have them (below-zero.csv says which can; spreads can). An option's
-- premium can be zero and not less.
-- @of bars, options
-- @severity error
-- @says prices are at or below zero, which the product cannot have
-- @counts bars
-- @do backfill rerun {job} --db {db} --force --symbols {symbols} --from {from} --to {to}
-- @query
SELECT r.series, count(*), min(ts), max(ts), 'low ' || CAST(min(least(open, high, low, close)) AS DOUBLE)
FROM checked_rows r JOIN checked_series s ON s.series = r.series AND s.name = r.name
WHERE CASE WHEN {is_options} THEN least(open, high, low, close) < 0
           ELSE least(open, high, low, close) <= 0 AND NOT s.below_zero END
GROUP BY r.series
ORDER BY 2 DESC, 1
