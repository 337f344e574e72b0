-- Days that several publishers report, where the table has one row a day: its queries count such a day twice. Loaded
-- before the job named one of them; the filter of what is loaded changes only for a series as a whole.
-- @of bars, options
-- @severity error
-- @says several publishers' rows share one {key}; a job names its own (publishers)
-- @counts rows too many
-- @do backfill forget {job} --db {db} --rows --symbols {symbols}, then backfill run {job} --db {db} --symbols {symbols}
-- @query
SELECT series, CAST(sum(len(publishers) - 1) AS BIGINT), min(ts), max(ts),
       'publishers ' || array_to_string(list_sort(list_distinct(flatten(list(publishers)))), ', ')
FROM (SELECT any_value(series) AS series, any_value(ts) AS ts, list(DISTINCT publisher) AS publishers
      FROM (SELECT {key}, {series} AS series, CAST({time} AS TIMESTAMP) AS ts, {publisher} AS publisher FROM {table})
      WHERE publisher IS NOT NULL
      GROUP BY {key} HAVING count(DISTINCT publisher) > 1)
GROUP BY series
ORDER BY 2 DESC, 1
