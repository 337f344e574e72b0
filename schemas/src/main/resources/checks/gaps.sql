-- A day (of intraday bars an hour) that every comparable product traded and one did not. Comparable are the products of
-- one calendar (asset-classes.csv) that hardly ever miss such a day in that year (hour in that quarter) and whose usual
-- volume leaves no doubt; two others at least must have traded, and about as much as usual, so that a holiday's short
-- session tells nothing. One that misses often is judged by how unlikely its own run of misses is (1 in a million).
-- Before the first bar, after the last and where nothing is covered there is no gap: that is another check's.
-- What the ledger has as served is the service's own gap: a warning, and asking again does not fill it. Each run of
-- misses is a row of its own, so that what is asked for again is no more than that.
-- @of bars
-- @severity error
-- @says nothing, where every comparable product traded
-- @counts {slots}
-- @do backfill rerun {job} --db {db} --force --symbols {symbols} --from {from} --to {to}
-- @query
WITH bars AS (
    SELECT name, {bucket} AS slot, sum(volume) AS volume FROM checked_rows GROUP BY ALL),
lives AS (
    SELECT b.name, any_value(s.calendar) AS calendar, min(slot) AS first_slot, max(slot) AS last_slot
    FROM bars b JOIN (SELECT DISTINCT name, calendar FROM checked_series) s ON s.name = b.name
    WHERE s.calendar IS NOT NULL GROUP BY b.name),
slots AS (
    SELECT DISTINCT calendar, slot FROM bars JOIN lives USING (name)),
wanted AS (
    SELECT l.name, l.calendar, s.slot, b.slot IS NOT NULL AS traded, b.volume, {kind} AS kind, {period} AS period
    FROM lives l
    JOIN slots s ON s.calendar = l.calendar AND s.slot BETWEEN l.first_slot AND l.last_slot
    LEFT JOIN bars b ON b.name = l.name AND b.slot = s.slot),
shared AS (
    SELECT *, 2 * count(*) FILTER (traded) OVER w > count(*) OVER w AND count(*) OVER w > 1 AS by_most
    FROM wanted WINDOW w AS (PARTITION BY calendar, slot)),
habits AS (
    SELECT name, kind, period, count(*) FILTER (by_most) AS slots, count(*) FILTER (by_most AND NOT traded) AS missed,
           quantile_cont(volume, 0.5) AS usual, quantile_cont(volume, 0.05) AS little
    FROM shared GROUP BY ALL),
judged AS (
    SELECT s.*, h.slots, h.missed,
           h.slots >= 5 AND h.missed <= greatest(0.02 * h.slots, 1) AND h.little >= 20 AS steady,
           s.volume / nullif(h.usual, 0) AS busy
    FROM shared s JOIN habits h USING (name, kind, period)),
others AS (
    SELECT *, count(*) FILTER (steady) OVER w - CAST(steady AS INTEGER) AS peers,
           count(*) FILTER (steady AND traded) OVER w - CAST(steady AND traded AS INTEGER) AS peers_trading,
           median(busy) FILTER (steady) OVER w AS activity
    FROM judged WINDOW w AS (PARTITION BY calendar, slot)),
told AS (
    SELECT * FROM others WHERE peers >= 2 AND peers = peers_trading AND activity >= 0.3),
runs AS (
    SELECT *, row_number() OVER (PARTITION BY name ORDER BY slot)
              - row_number() OVER (PARTITION BY name, traded ORDER BY slot) AS run FROM told),
gaps AS (
    SELECT name, min(slot) AS first_slot, max(slot) AS last_slot, count(*) AS n
    FROM runs WHERE NOT traded GROUP BY name, run
    HAVING bool_and(steady) OR sum(ln((missed + 0.5) / (slots + 1))) < ln(1e-6)),
known AS (
    SELECT g.*, EXISTS (FROM checked_ledger c WHERE c.name = g.name) AS has_ledger,
           EXISTS (FROM checked_ledger c WHERE c.name = g.name AND c.state IN ('loaded', 'empty') AND c.verified
                   AND g.first_slot >= c.range_start AND g.last_slot < c.range_end) AS served,
           EXISTS (FROM checked_ledger c WHERE c.name = g.name
                   AND g.first_slot >= c.range_start AND g.last_slot < c.range_end) AS covered
    FROM gaps g)
SELECT name, n, first_slot, last_slot,
       CASE WHEN served THEN 'the ledger has that range as served' ELSE '' END,
       CASE WHEN served THEN 'warning' ELSE 'error' END,
       n
FROM known WHERE covered OR NOT has_ledger
ORDER BY n DESC, name, first_slot
