-- Rows that share what the table has one row of. Those of several publishers are another check's.
-- @of rows, bars, options, values
-- @severity error
-- @says rows share one {key}
-- @counts rows too many
-- @do backfill rerun {job} --db {db} --force --symbols {symbols} --from {from} --to {to}
-- @query
SELECT series, CAST(sum(n - publishers) AS BIGINT), min(ts), max(ts),
       count(*) || CASE WHEN count(*) = 1 THEN ' key' ELSE ' keys' END
FROM (SELECT any_value(series) AS series, any_value(ts) AS ts, count(*) AS n,
             greatest(count(DISTINCT publisher), 1) AS publishers
      FROM (SELECT {key}, {series} AS series, CAST({time} AS TIMESTAMP) AS ts, {publisher} AS publisher FROM {table})
      GROUP BY {key} HAVING count(*) > 1)
WHERE n > publishers
GROUP BY series
ORDER BY 2 DESC, 1
