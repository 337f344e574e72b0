-- Bars that contradict themselves.
-- @of bars, options
-- @severity error
-- @says high is below low, or open or close lies outside of them
-- @counts bars
-- @do backfill rerun {job} --db {db} --force --symbols {symbols} --from {from} --to {to}
-- @query
SELECT series, count(*), min(ts), max(ts),
       'open ' || CAST(arg_min(open, ts) AS DOUBLE) || ', high ' || CAST(arg_min(high, ts) AS DOUBLE)
       || ', low ' || CAST(arg_min(low, ts) AS DOUBLE) || ', close ' || CAST(arg_min(close, ts) AS DOUBLE)
FROM checked_rows
WHERE high < low OR open < low OR open > high OR close < low OR close > high
GROUP BY series
ORDER BY 2 DESC, 1
