"""What most people write: for each symbol get_range, to_df, INSERT the DataFrame.

Usage: peer_todf.py DATABASE URL START END SYMBOL,SYMBOL,…   (key in DATABENTO_API_KEY)
"""

import sys
import warnings

import databento
import duckdb

warnings.filterwarnings("ignore", module="databento")
database, url, start, end, symbols = sys.argv[1:]
client = databento.Historical(gateway=url)
connection = duckdb.connect(database)
connection.execute(
    "CREATE TABLE bars (symbol VARCHAR, ts_event TIMESTAMP, open DOUBLE, high DOUBLE, low DOUBLE,"
    " close DOUBLE, volume BIGINT, publisher_id INTEGER, instrument_id BIGINT)"
)
for symbol in symbols.split(","):
    frame = client.timeseries.get_range(
        "GLBX.MDP3", start, end, symbol, "ohlcv-1h", "continuous"
    ).to_df()
    frame = frame.reset_index()
    connection.execute(
        "INSERT INTO bars SELECT symbol, ts_event, open, high, low, close, volume, publisher_id,"
        " instrument_id FROM frame"
    )
connection.close()
