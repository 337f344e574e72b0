"""Compares the official client's DataFrames with our tables: every row, every column, exactly."""

from decimal import Decimal

import databento
import duckdb
import pandas

NANOS = Decimal("1e-9")
UNDEFINED = 2**63 - 1
TABLES = {
    "ohlcv-1d": "raw.databento_futures_ohlcv_1d",
    "ohlcv-1h": "raw.databento_futures_ohlcv_1h",
    "ohlcv-1m": "raw.databento_futures_ohlcv_1m",
    "ohlcv-1s": "raw.databento_futures_ohlcv_1s",
}
PRICES = ["open", "high", "low", "close"]
MONTHS = "FGHJKMNQUVXZ"


def expected(store: databento.DBNStore, table_symbol, contract_symbol) -> list[tuple]:
    """What the table should hold, by the client's own to_df with prices as integers of 1e-9.

    table_symbol(symbol) and contract_symbol(symbol, instrument, date) give the names.
    """
    frame = store.to_df(price_type="fixed", pretty_ts=True, map_symbols=True).reset_index()
    rows = []
    for bar in frame.itertuples(index=False):
        date = bar.ts_event.date()
        contract = contract_symbol(bar.symbol, bar.instrument_id, date)
        prices = [getattr(bar, name) for name in PRICES]
        rows.append(
            (
                table_symbol(bar.symbol),
                bar.ts_event.value,
                *[None if price == UNDEFINED else int(price) for price in prices],
                int(bar.volume),
                int(bar.publisher_id),
                int(bar.instrument_id),
                contract,
                delivery_month(contract, date),
            )
        )
    return sorted(rows)


def delivery_month(contract: str, date):
    """First day of the month that the code names: the next such year from half a year before."""
    letter, year = contract.rstrip("!")[-2], contract.rstrip("!")[-1]
    if " FM" in contract:  # BRN FMJ0024!
        return pandas.Timestamp(2000 + int(contract[-3:-1]), MONTHS.index(contract[-6]) + 1, 1).date()
    earliest = pandas.Timestamp(date.year, date.month, 1) - pandas.DateOffset(months=6)
    candidate = pandas.Timestamp(earliest.year // 10 * 10 + int(year), MONTHS.index(letter) + 1, 1)
    if candidate < earliest:
        candidate += pandas.DateOffset(years=10)
    return candidate.date()


def loaded(database, schema: str) -> list[tuple]:
    """What the table holds, in the form of expected()."""
    time = "as_of_date" if schema == "ohlcv-1d" else "ts_event"
    prices = ", ".join(PRICES)
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            f"SELECT symbol, epoch_ns({time}::TIMESTAMP), {prices}, volume, publisher_id,"
            f" instrument_id, contract_symbol, contract_month FROM {TABLES[schema]}"
        ).fetchall()
    return sorted((*row[:2], *[exact(price) for price in row[2:6]], *row[6:]) for row in rows)


def exact(price: Decimal | None):
    """A DECIMAL(18,9) as the integer that the service sent; fails on anything that is not one."""
    if price is None:
        return None
    scaled = price / NANOS
    assert scaled == int(scaled), f"{price} is not a multiple of 1e-9"
    return int(scaled)


def constants(database, schema: str) -> set[tuple]:
    """The columns that are the same in every row of futures bars that nobody enriched."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return set(
            connection.execute(
                "SELECT DISTINCT source, open_interest, parent_symbol, ingested_at IS NOT NULL"
                f" FROM {TABLES[schema]}"
            ).fetchall()
        )


def dump(database) -> dict[str, list[tuple]]:
    """All bars and all coverage, times of writing included: equal dumps, unchanged database."""
    with duckdb.connect(str(database), read_only=True) as connection:
        present = connection.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND (table_schema = 'raw' OR table_name = 'coverage')"
        ).fetchall()
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for (name,) in present
        }


def difference(want: list[tuple], have: list[tuple]) -> str:
    """The first rows that differ, for the report."""
    missing = sorted(set(want) - set(have), key=repr)[:3]
    surplus = sorted(set(have) - set(want), key=repr)[:3]
    return f"{len(want)} rows wanted, {len(have)} there; missing {missing}; surplus {surplus}"
