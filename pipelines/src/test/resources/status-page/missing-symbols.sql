-- Which of the 87 daily symbols are not there.
WITH wanted AS (
    SELECT unnest([
        'ZL', 'ZS', 'ZM', 'ZC', 'ZW', 'ZO', 'ZR', 'KE', 'LB', 'CL', 'HO', 'RB', 'NG', 'BZ',
        'QM', 'QG', 'GC', 'SI', 'HG', 'PA', 'PL', 'MGC', 'ZT', 'ZF', 'ZN', 'ZB', 'UB', 'GE',
        'SR1', 'SR3', 'ES', 'NQ', 'YM', 'RTY', 'MES', 'MNQ', 'MYM', 'M2K', '6A', '6B', '6C',
        '6E', '6J', '6L', '6M', '6N', '6R', '6S', '6Z', 'HE', 'LE', 'GF', 'BTC', 'ETH', 'MBT',
        'MET', '10Y', '2YY', '30Y', '5YY', 'ZQ', 'Z3N', 'TN', 'FF', 'MSI', 'QI', 'QO', 'ALI',
        'MCL', 'QH', 'QU', 'M6E', 'M6A', 'M6B', 'EMD', 'NIY', 'GD', 'XC', 'XW', 'XK', 'ZE',
        'DC', 'DY', 'DA', 'LBS', 'VX', 'VXM']) AS symbol)
SELECT wanted.symbol
FROM wanted
LEFT JOIN (SELECT DISTINCT symbol FROM raw.databento_futures_ohlcv_1d) existing ON wanted.symbol = existing.symbol
WHERE existing.symbol IS NULL;
