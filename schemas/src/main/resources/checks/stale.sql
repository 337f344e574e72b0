-- Series whose newest bar is old: by weekdays that have passed since, more than 4 of daily bars and more than 2 of
-- others, and more than three times the series' own usual pause of its last year. What is retired, and what the service
-- says does not resolve any more, is not stale. What is covered to now and has no bar is the service's: a warning.
-- @of bars, options
-- @severity error
-- @says no bar for longer than is usual
-- @counts series
-- @do backfill update --db {db}
-- @query
WITH days AS (
    SELECT DISTINCT name, CAST(ts AS DATE) AS day FROM checked_rows),
counted AS (
    SELECT name, day, 5 * ((day - DATE '1970-01-05') // 7) + least(isodow(day) - 1, 5) AS before,
           5 * ((day + 1 - DATE '1970-01-05') // 7) + least(isodow(day + 1) - 1, 5) AS through
    FROM days),
pauses AS (
    SELECT name, day, before - lag(through) OVER (PARTITION BY name ORDER BY day) AS pause,
           through, max(day) OVER (PARTITION BY name) AS last_day
    FROM counted),
late AS (
    SELECT name, any_value(last_day) AS last_day, coalesce(quantile_disc(pause, 0.99), 0) AS usual_pause,
           5 * ((CAST({now} AS DATE) - DATE '1970-01-05') // 7) + least(isodow({now}) - 1, 5) - max(through) AS weekdays,
           date_diff('day', any_value(last_day), CAST({now} AS DATE)) AS behind
    FROM pauses WHERE day > last_day - 366 GROUP BY name),
ledger AS (
    SELECT name, max(range_end) AS covered_to, arg_max(state, range_end) AS newest FROM checked_ledger GROUP BY name)
SELECT l.name, 1, CAST(last_day AS TIMESTAMP), CAST(last_day AS TIMESTAMP),
       behind || ' days' || CASE WHEN CAST(covered_to AS DATE) >= CAST({now} AS DATE) - 3
                                 THEN ', although loaded to ' || strftime(covered_to, '%Y-%m-%d') ELSE '' END,
       CASE WHEN CAST(covered_to AS DATE) >= CAST({now} AS DATE) - 3 THEN 'warning' ELSE 'error' END
FROM late l
LEFT JOIN ledger c ON c.name = l.name
JOIN (SELECT name, any_value(status) AS status, bool_or(is_series) AS is_series FROM checked_series GROUP BY name) s
  ON s.name = l.name
WHERE weekdays > {weekdays} AND weekdays > 3 * usual_pause AND s.is_series
  AND coalesce(s.status, 'active') = 'active' AND coalesce(c.newest, '') <> 'unresolved'
ORDER BY behind DESC, 1
