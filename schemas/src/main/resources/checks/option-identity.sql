-- Options that nobody can price: their definition was not found.
-- @of options
-- @severity warning
-- @says strike, expiration or type is missing
-- @counts rows
-- @do backfill run options-daily --db {db}
-- @query
SELECT r.name, count(*), min(ts), max(ts),
       count(DISTINCT r.series) || CASE WHEN count(DISTINCT r.series) = 1 THEN ' contract' ELSE ' contracts' END
FROM checked_rows r
WHERE identity IS NULL
GROUP BY r.name
ORDER BY 2 DESC, 1
