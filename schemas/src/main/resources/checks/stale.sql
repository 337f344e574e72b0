-- Series whose newest bar is old: by weekdays that have passed since, more than 4 of daily bars and more than 2 of
-- others, and more than three times the series' own usual pause of its last year. What is retired, and what the service
-- says does not resolve any more, is not stale. What is covered to now and has no bar is the service's: a warning.
-- @of bars, options
-- @severity error
-- @says no bar for longer than is usual
-- @counts series
-- @do backfill update --db {db}
-- @query
WITH days AS (SELECT DISTINCT name, CAST(ts AS DATE) AS day FROM checked_rows),
pauses AS (SELECT name, day, day - lag(day) OVER (PARTITION BY name ORDER BY day) AS pause FROM days),
ends AS (SELECT name, max(day) AS last_day FROM days GROUP BY name),
usual AS (
    SELECT e.name, e.last_day, coalesce(quantile_disc(pause, 0.99), 3) AS usual_pause
    FROM ends e JOIN pauses p ON p.name = e.name AND p.day > e.last_day - 366 GROUP BY ALL),
late AS (
    SELECT u.*, date_diff('day', last_day, CAST({now} AS DATE)) AS behind,
           (SELECT count(*) FROM range(u.last_day + 1, CAST({now} AS DATE), INTERVAL 1 DAY) d(x)
            WHERE isodow(x) < 6) AS weekdays
    FROM usual u),
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
WHERE weekdays > {weekdays} AND behind > 3 * usual_pause AND s.is_series
  AND coalesce(s.status, 'active') = 'active' AND coalesce(c.newest, '') <> 'unresolved'
ORDER BY behind DESC, 1
