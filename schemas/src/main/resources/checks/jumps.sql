-- A close that is far from the one before in the same contract: more than eight times what the series' tenth largest
-- move in a hundred is that year. A move to another contract is no jump; roll-jumps counts those.
-- @of bars
-- @severity warning
-- @says the close jumps within one contract, more than 8 times as far as on a lively day of that year
-- @counts bars
-- @query
WITH moves AS (
    SELECT series, ts, close, contract, publisher, lag(close) OVER w AS before, lag(contract) OVER w AS contract_before
    FROM checked_rows WHERE close IS NOT NULL
    WINDOW w AS (PARTITION BY series, publisher ORDER BY ts)),
sized AS (
    SELECT *, CAST(abs(close - before) AS DOUBLE) AS move, contract IS NOT DISTINCT FROM contract_before AS same
    FROM moves WHERE before IS NOT NULL),
usual AS (
    SELECT series, year(ts) AS in_year, quantile_cont(move, 0.9) AS lively
    FROM sized WHERE same AND move > 0 GROUP BY ALL HAVING count(*) >= 20)
SELECT s.series, count(*), min(ts), max(ts),
       CAST(arg_max(before, move / lively) AS DOUBLE) || ' to ' || CAST(arg_max(close, move / lively) AS DOUBLE) || ' at '
       || strftime(arg_max(ts, move / lively), {format})
FROM sized s JOIN usual u ON u.series = s.series AND u.in_year = year(s.ts)
WHERE same AND move > 8 * lively
GROUP BY s.series
ORDER BY 2 DESC, 1
