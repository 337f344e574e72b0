-- The spot prices among the series: energy, and the IMF's monthly prices of commodities.
--
-- @create
CREATE OR REPLACE VIEW raw.fred_spot_prices AS
SELECT e.series_id, e.date, e.value, m.series_group, m.title, m.units, e.source, e.ingested_at
FROM raw.fred_economic e
JOIN raw.fred_series_metadata m USING (series_id)
WHERE m.series_group LIKE 'spot_%' OR m.series_group LIKE 'imf_%';
