"""The official client against the emulator, and our tables against the official client.

Started by check.sh. Usage: check.py REPOSITORY
"""

import os
import shutil
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

import databento
import pandas

import tables
from programs import Emulator, backfill

DATASET = "GLBX.MDP3"
NOW = "2025-12-16T00:00:00Z"
START, END = "2020-04-13", "2020-04-25"  # holds the day of negative crude oil
SYMBOLS = ["ZL.v.0", "CL.v.0", "6J.v.0", "ES.v.0", "ZN.v.0"]
SCHEMAS = {"ohlcv-1d": 86_400, "ohlcv-1h": 3_600, "ohlcv-1m": 60}
BAR_BYTES = 56
RECORD_BYTES = {"definition": 520, "statistics": 80}


class Checks:
    """Counts, and says of each how it ended."""

    def __init__(self):
        self.passed = self.failed = 0

    def that(self, name: str, holds, detail="") -> bool:
        if holds:
            self.passed += 1
            print(f"ok    {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL  {name}: {detail}", flush=True)
        return bool(holds)

    def group(self, name, function, *args):
        """Runs checks that belong together; what they throw is a failure too."""
        try:
            return function(*args)
        except Exception:  # the boundary that reports
            self.failed += 1
            print(f"FAIL  {name} did not end:\n{traceback.format_exc()}", flush=True)
            return None


def ask(schema, symbols=SYMBOLS, start=START, end=END, stype="continuous"):
    return dict(
        dataset=DATASET, schema=schema, symbols=symbols, start=start, end=end, stype_in=stype
    )


def series(check: Checks, client: databento.Historical):
    """get_range to a DataFrame, and what metadata says of the same request beforehand."""
    prices = {p["mode"]: p["unit_prices"] for p in client.metadata.list_unit_prices(DATASET)}
    for schema, seconds in SCHEMAS.items():
        request = ask(schema)
        frame = client.timeseries.get_range(**request).to_df()
        times = frame.index
        check.that(f"{schema}: to_df has bars of every symbol", set(frame["symbol"]) == set(SYMBOLS))
        check.that(
            f"{schema}: bars lie in the range, on whole intervals, in order",
            times.min() >= pandas.Timestamp(START, tz="UTC")
            and times.max() < pandas.Timestamp(END, tz="UTC")
            and (times.as_unit("ns").asi8 % (seconds * 10**9) == 0).all()
            and times.is_monotonic_increasing,
            f"{times.min()} to {times.max()}",
        )
        check.that(
            f"{schema}: low <= open, close <= high",
            (frame["low"] <= frame[["open", "close"]].min(axis=1)).all()
            and (frame["high"] >= frame[["open", "close"]].max(axis=1)).all(),
        )
        count = client.metadata.get_record_count(**request)
        check.that(f"{schema}: get_record_count", count == len(frame), f"{count}, {len(frame)}")
        size = client.metadata.get_billable_size(**request)
        check.that(f"{schema}: get_billable_size", size == BAR_BYTES * len(frame), size)
        cost = client.metadata.get_cost(**request)
        want = size / 2**30 * prices["historical-streaming"][schema]
        check.that(f"{schema}: get_cost", abs(cost - want) < 1e-9, f"{cost}, not {want}")
    crude = client.timeseries.get_range(**ask("ohlcv-1h", ["CL.v.0"])).to_df()
    check.that("CL goes below zero on 2020-04-20", crude.loc["2020-04-20", "low"].min() < 0)


def metadata(check: Checks, client: databento.Historical):
    """What the dataset has, how good its days are, what its symbols stand for."""
    whole = client.metadata.get_dataset_range(DATASET)
    check.that("get_dataset_range: starts on 2010-06-06", whole["start"].startswith("2010-06-06"))
    check.that("get_dataset_range: ends by now", "2025-12-14" < whole["end"][:10] <= NOW, whole)
    check.that("get_dataset_range: bounds of each schema", SCHEMAS.keys() <= whole["schema"].keys())
    days = client.metadata.get_dataset_condition(DATASET, "2025-12-01", "2025-12-05")
    dates = [day["date"] for day in days]
    check.that("get_dataset_condition: the end is inclusive", dates[-1:] == ["2025-12-05"], dates)
    known = {"available", "degraded", "pending", "missing"}
    check.that("get_dataset_condition: known words", {d["condition"] for d in days} <= known, days)
    resolved = client.symbology.resolve(
        DATASET, ["ZL.v.0", "NOPE.v.0"], "continuous", "instrument_id", "2020-01-01", "2021-01-01"
    )
    spans = resolved["result"]["ZL.v.0"]
    check.that(
        "resolve: the spans of a continuous symbol join",
        len(spans) > 1
        and spans[0]["d0"] == "2020-01-01"
        and spans[-1]["d1"] == "2021-01-01"
        and all(a["d1"] == b["d0"] for a, b in zip(spans, spans[1:])),
        spans,
    )
    check.that("resolve: what does not exist", resolved["not_found"] == ["NOPE.v.0"], resolved)
    names = contracts(client, {int(span["s"]) for span in spans}, "2020-01-01", "2021-01-01")
    check.that(
        "resolve: back to contracts of the root",
        all(names(int(s["s"]), pandas.Timestamp(s["d0"]).date()).startswith("ZL") for s in spans),
    )


def records(check: Checks, client: databento.Historical):
    """Definitions, statistics and options as the client reads them, and what joins them."""
    day = dict(start="2024-03-05", end="2024-03-06")
    for schema, size in RECORD_BYTES.items():
        request = ask(schema, ["OZL.OPT"], stype="parent", **day)
        frame = client.timeseries.get_range(**request).to_df()
        count = client.metadata.get_record_count(**request)
        check.that(f"{schema}: get_record_count", count == len(frame) > 0, f"{count}, {len(frame)}")
        billed = client.metadata.get_billable_size(**request)
        check.that(f"{schema}: get_billable_size", billed == size * len(frame), billed)
        check.that(f"{schema}: in order of ts_recv", frame.index.is_monotonic_increasing)
    definitions = client.timeseries.get_range(
        **ask("definition", ["OZL.OPT", "ZL.FUT"], stype="parent", **day)
    ).to_df()
    classes = set(definitions["instrument_class"])
    check.that("definition: futures, spreads, calls and puts", classes == set("FSCP"), classes)
    options = definitions[definitions["instrument_class"].isin(["C", "P"])]
    named = options["raw_symbol"].str.extract(r" [CP](\d+)$")[0].astype(float) / 10
    check.that("definition: strikes are those of the names", (named == options["strike_price"]).all())
    futures = definitions[definitions["instrument_class"] == "F"]
    check.that(
        "definition: each option's underlying is a future there is",
        set(options["underlying"]) <= set(futures["raw_symbol"]),
    )
    legs = definitions[definitions["instrument_class"] == "S"]
    check.that(
        "definition: each leg of a spread is a future there is",
        set(legs["leg_raw_symbol"]) <= set(futures["raw_symbol"]) and set(legs["leg_count"]) == {2, 3},
    )
    check.that(
        "definition: the symbol is the raw symbol", (definitions["symbol"] == definitions["raw_symbol"]).all()
    )
    bars = client.timeseries.get_range(
        **ask("ohlcv-1d", ["OZL.OPT"], stype="parent", **day)
    ).to_df()
    check.that(
        "options: every bar's contract is defined", set(bars["symbol"]) <= set(options["raw_symbol"])
    )
    statistics = client.timeseries.get_range(
        **ask("statistics", ["OZL.OPT"], stype="parent", start="2024-03-05", end="2024-03-07")
    ).to_df()
    of_day = statistics[statistics["ts_ref"] == pandas.Timestamp("2024-03-05", tz="UTC")]
    kinds = set(of_day["stat_type"])
    check.that("statistics: the kinds of a trading date", {3, 6, 9, 14, 15} <= kinds, kinds)
    settled = of_day[(of_day["stat_type"] == 3) & (of_day["stat_flags"] & 1 == 1)]
    check.that("statistics: final settlements are prices", (settled["price"].dropna() > 0).all())
    deltas = of_day[of_day["stat_type"] == 15]["price"].dropna()
    check.that("statistics: deltas lie in -1 to 1", deltas.between(-1, 1).all() and (deltas < 0).any())
    old = client.symbology.resolve(
        DATASET, ["OZL.OPT"], "parent", "instrument_id", "2024-03-05", "2024-03-06"
    )["result"]
    check.that("resolve: a parent's options by name", set(bars["symbol"]) <= set(old), len(old))
    refused(
        check,
        "a future's root as option parent",
        422,
        "zl.opt",
        lambda: client.timeseries.get_range(**ask("definition", ["ZL.OPT"], stype="parent", **day)),
    )


def contracts(client, instruments, start, end):
    """The contract of an instrument on a date, as the service resolves it."""
    answer = client.symbology.resolve(
        DATASET, sorted(map(str, instruments)), "instrument_id", "raw_symbol", start, end
    )["result"]

    def name(instrument, date):
        for span in answer.get(str(instrument), []):
            if span["d0"] <= date.isoformat() < span["d1"]:
                return span["s"]
        raise KeyError(f"instrument {instrument} has no name on {date}")

    return name


def errors(check: Checks, client: databento.Historical, url: str):
    """Each as the client raises it: the status, and a sentence that says what."""
    stranger = databento.Historical("db-" + "x" * 29, url)
    refused(check, "a wrong key", 401, "auth", lambda: stranger.metadata.list_datasets())
    refused(
        check,
        "an unknown dataset",
        400,
        "dataset",
        lambda: client.timeseries.get_range(**{**ask("ohlcv-1d"), "dataset": "NOPE.MDP3"}),
    )
    refused(
        check,
        "start after end",
        422,
        "start",
        lambda: client.timeseries.get_range(**ask("ohlcv-1d", start=END, end=START)),
    )


def refused(check: Checks, name: str, status: int, word: str, call):
    try:
        call()
    except databento.BentoClientError as e:
        text = f"{e.http_status} {e}"
        check.that(f"{name}: status {status}", e.http_status == status, text)
        check.that(f"{name}: says what", word in str(e).lower(), text)
    else:
        check.that(f"{name}: is refused", False, "it was answered")


def our_run(check: Checks, client, emulator: Emulator, root: Path, folder: Path):
    """The same request through ./backfill run: the DataFrame is the table."""
    for schema in SCHEMAS:
        job = folder / f"{schema}.yaml"
        job.write_text(
            f"name: third-party-{schema}\nsource: databento\ndataset: {DATASET}\n"
            f"schema: {schema}\nstype_in: continuous\nsymbols: [{', '.join(SYMBOLS)}]\n"
            f"from: {START}\nto: {END}\ntable: {tables.TABLES[schema]}\n"
            "chunk: {symbols: 2, days: 7}\n"
        )
        database = folder / "run.duckdb"
        done = backfill(
            root, "run", job, "--db", database, "--landing", folder / "landing",
            "--api-url", emulator.url, "--ca-file", emulator.ca_file, key=emulator.key,
        )  # fmt: skip
        if not check.that(
            f"run {schema}: exit code 0", done.returncode == 0, done.stdout + done.stderr
        ):
            continue
        check.that(
            f"run {schema}: the key is nowhere in the output",
            emulator.key not in done.stdout + done.stderr,
        )
        store = client.timeseries.get_range(**ask(schema))
        name = contracts(client, set(store.to_ndarray()["instrument_id"].tolist()), START, END)
        want = tables.expected(store, lambda s: s.removesuffix(".v.0"), lambda s, i, d: name(i, d))
        have = tables.loaded(database, schema)
        check.that(
            f"run {schema}: the table is the DataFrame, {len(want)} rows",
            want and want == have,
            tables.difference(want, have),
        )
        source = "databento" + {"ohlcv-1d": ""}.get(schema, "_" + schema[-2:])
        rest = tables.constants(database, schema)
        check.that(f"run {schema}: the other columns", rest == {(source, None, None, True)}, rest)


def captured(root: Path) -> list[Path]:
    """Bar files as the real service sent them, where they are at hand."""
    place = os.environ.get("BACKFILL_FIXTURES", str(root.parent / "shared" / "fixtures"))
    return sorted(Path(place).glob("dbn/databento-python/*/test_data.ohlcv-*.dbn.zst"))


def made(client, folder: Path) -> list[Path]:
    """Bar files as the official client keeps them, for where the captured ones are not."""
    files = []
    for schema in SCHEMAS:
        store = client.timeseries.get_range(**ask(schema, ["ESM0", "ZLN0"], stype="raw_symbol"))
        file = folder / f"made.{schema}.dbn.zst"
        store.to_file(file)
        files.append(file)
    return files


def our_import(check: Checks, client, root: Path, folder: Path):
    """DBN files through ./backfill import: the rows that DBNStore.from_file shows."""
    files = captured(root)
    print(f"      importing {'captured files' if files else 'files of the emulator'}", flush=True)
    files = files or made(client, folder)
    database = folder / "import.duckdb"
    done = backfill(root, "import", *files, "--db", database)
    if not check.that("import: exit code 0", done.returncode == 0, done.stdout + done.stderr):
        return
    want: dict[str, list[tuple]] = {}
    for file in files:
        store = databento.DBNStore.from_file(file)
        rows = tables.expected(store, lambda s: s, lambda s, i, d: s)
        want.setdefault(str(store.schema), []).extend(rows)
    for schema, rows in want.items():
        have = tables.loaded(database, schema)
        check.that(
            f"import {schema}: the table is to_df, {len(rows)} rows",
            rows and sorted(rows) == have,
            tables.difference(rows, have),
        )
    before = tables.dump(database)
    again = backfill(root, "import", *files, "--db", database)
    check.that("second import: exit code 0", again.returncode == 0, again.stdout + again.stderr)
    check.that("second import: changes nothing", tables.dump(database) == before)
    cut = folder / "cut.dbn.zst"
    cut.write_bytes(files[0].read_bytes()[:-9])
    broken = backfill(root, "import", cut, "--db", database, "--force")
    check.that("a cut file: is refused", broken.returncode not in (0, 1), broken.returncode)
    check.that("a cut file: changes nothing", tables.dump(database) == before)


def main() -> int:
    root = Path(sys.argv[1]).resolve()
    # The client uses what pandas will drop one day; that is not ours to report.
    warnings.filterwarnings("ignore", module="databento")
    check = Checks()
    folder = Path(tempfile.mkdtemp(prefix="backfill-third-party-"))
    emulator = Emulator(root, "--tls", "--now", NOW)
    try:
        # The client takes no certificate of its own; it trusts what its HTTP library is told to.
        os.environ["REQUESTS_CA_BUNDLE"] = os.environ["SSL_CERT_FILE"] = emulator.ca_file
        os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
        client = databento.Historical(emulator.key, emulator.url)
        check.group("series", series, check, client)
        check.group("metadata", metadata, check, client)
        check.group("records", records, check, client)
        check.group("errors", errors, check, client, emulator.url)
        check.group("run", our_run, check, client, emulator, root, folder)
        check.group("import", our_import, check, client, root, folder)
    finally:
        emulator.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{check.passed} passed, {check.failed} failed")
    return 0 if check.failed == 0 and check.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
