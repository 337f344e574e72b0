-- Series whose newest value is old for its frequency. The date is that of the period's first day, and a value is
-- published some time after the period: of days 12 days may pass, of weeks 25, of months 120, of quarters 280, of half
-- years 430, of years 800. Without metadata the frequency is the usual distance of the series' dates. A series that is
-- discontinued is not stale, nor is what the ledger has not loaded: that is somebody else's, and no update brings it.
-- Where FRED itself has nothing newer it is FRED's: a warning.
-- @of values
-- @severity error
-- @says no value for longer than the series' frequency explains
-- @counts series
-- @do backfill update fred --db {db}
-- @query
WITH dated AS (
    SELECT series, CAST(ts AS DATE) AS day,
           date_diff('day', lag(CAST(ts AS DATE)) OVER (PARTITION BY series ORDER BY ts), CAST(ts AS DATE)) AS pause
    FROM checked_rows),
ends AS (
    SELECT series, max(day) AS last_day, coalesce(median(pause), 1) AS usual FROM dated GROUP BY series),
judged AS (
    SELECT e.*, m.observation_end, coalesce(m.title, '') AS title,
           CASE WHEN lower(m.frequency) LIKE 'daily%' THEN 12
                WHEN lower(m.frequency) LIKE 'weekly%' OR lower(m.frequency) LIKE 'biweekly%' THEN 25
                WHEN lower(m.frequency) LIKE 'monthly%' THEN 120
                WHEN lower(m.frequency) LIKE 'quarterly%' THEN 280
                WHEN lower(m.frequency) LIKE 'semiannual%' THEN 430
                WHEN lower(m.frequency) LIKE 'annual%' THEN 800
                WHEN usual < 5 THEN 12
                WHEN usual < 20 THEN 25
                WHEN usual < 45 THEN 120
                WHEN usual < 140 THEN 280
                ELSE 800 END AS allowed
    FROM ends e LEFT JOIN checked_metadata m ON m.series_id = e.series)
SELECT series, 1, CAST(last_day AS TIMESTAMP), CAST(last_day AS TIMESTAMP),
       date_diff('day', last_day, CAST({now} AS DATE)) || ' days, ' || allowed || ' are usual'
       || CASE WHEN observation_end <= last_day THEN '; FRED has nothing newer' ELSE '' END,
       CASE WHEN observation_end <= last_day THEN 'warning' ELSE 'error' END
FROM judged
WHERE date_diff('day', last_day, CAST({now} AS DATE)) > allowed AND upper(title) NOT LIKE '%DISCONTINUED%'
  AND series IN (SELECT name FROM checked_ledger WHERE state = 'loaded')
ORDER BY date_diff('day', last_day, CAST({now} AS DATE)) - allowed DESC, 1
