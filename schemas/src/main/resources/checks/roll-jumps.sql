-- What is no price move: the close before is another contract's. Counted so that nobody takes it for one.
-- @of bars
-- @severity info
-- @says a roll, no price move: the close is far from the other contract's
-- @counts rolls
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
WHERE NOT same AND move > 8 * lively
GROUP BY s.series
ORDER BY 2 DESC, 1
