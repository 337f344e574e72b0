"""Races ./backfill run against the two peers, over the same emulator; measures memory and start-up.

Usage: race.py REPOSITORY race|memory|startup [ROUNDS]     (started by benchmarks/run.sh)

Each contender is a process of its own. Wall time, CPU time and peak memory are the kernel's
(wait4); the emulator is another process, warmed by a first round that does not count.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
JOB = HERE / "job.yaml"
NOW = "2025-12-16T00:00:00Z"
CACHE_MB = 600
TABLE = "raw.databento_futures_ohlcv_1h"
FULL_FROM, END = "2010-06-06", "2025-12-01"
SMALL_FROM = "2024-11-18"  # a fifteenth of the whole range


@dataclass
class Cost:
    wall: float  # seconds
    cpu: float  # seconds, user and system
    rss: float  # MB at the peak
    rows: int = 0

    def __str__(self):
        return (
            f"{self.wall:6.2f} s wall {self.cpu:6.2f} s CPU {self.rss:5.0f} MB {self.rows:,} rows"
        )


def run(command: list, environment: dict, log: Path) -> Cost:
    """Runs a process to its end; a failure ends the benchmark with its output."""
    with open(log, "w") as out:
        start = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command], env=environment, stdout=out, stderr=out
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} failed:\n{log.read_text()}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


class Bench:
    def __init__(self, root: Path):
        self.root = root
        self.folder = Path(tempfile.mkdtemp(prefix="race-", dir=root / "benchmarks" / "target"))
        self.symbols = re.findall(r"[A-Z0-9]+\.v\.0", JOB.read_text())
        self.emulator = subprocess.Popen(
            [root / "backfill", "emulator", "--port", "0", "--tls", "--now", NOW]
            + ["--cache-mb", str(CACHE_MB)],
            env={**os.environ, "BACKFILL_HEAP": f"{2 * CACHE_MB + 400}m"},
            stdout=subprocess.PIPE,
            text=True,
        )
        said = ""
        while not (match := re.search(r"url +(\S+)\nkey +(\S+)\nca file +(\S+)\n", said)):
            line = self.emulator.stdout.readline()
            if not line:
                raise SystemExit("The emulator did not start; it said:\n" + said)
            said += line
        self.url, key, self.ca_file = match.groups()
        self.environment = {
            **os.environ,
            "DATABENTO_API_KEY": key,
            "REQUESTS_CA_BUNDLE": self.ca_file,
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def close(self):
        self.emulator.terminate()
        self.emulator.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ours(self, start: str, keep=False) -> Cost:
        """The whole ./backfill run into a fresh database and a fresh landing."""
        database = self.folder / "ours.duckdb"
        if not keep:
            self._remove(database)
            shutil.rmtree(self.folder / "landing", ignore_errors=True)
        cost = run(
            [self.root / "backfill", "run", JOB, "--from", start, "--db", database]
            + ["--landing", self.folder / "landing", "--api-url", self.url]
            + ["--ca-file", self.ca_file, "--quiet", "--max-cost-usd", "100"],
            self.environment,
            self.folder / "ours.log",
        )
        cost.rows = self._rows(database, TABLE)
        return cost

    def peer(self, name: str, start: str) -> Cost:
        database = self.folder / f"{name}.duckdb"
        self._remove(database)
        cost = run(
            [sys.executable, HERE / f"{name}.py", database, self.url, start, END]
            + [",".join(self.symbols)],
            self.environment,
            self.folder / f"{name}.log",
        )
        cost.rows = self._rows(database, "bars")
        return cost

    def status(self) -> Cost:
        return run(
            [self.root / "backfill", "status", "--db", self.folder / "ours.duckdb"],
            self.environment,
            self.folder / "status.log",
        )

    @staticmethod
    def _remove(database: Path):
        for file in database.parent.glob(database.name + "*"):
            file.unlink()

    @staticmethod
    def _rows(database: Path, table: str) -> int:
        with duckdb.connect(str(database), read_only=True) as connection:
            return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def median(costs: list[Cost]) -> Cost:
    rows = {cost.rows for cost in costs}
    if len(rows) != 1:
        raise SystemExit(f"The rounds gave different numbers of rows: {rows}")
    return Cost(
        *(statistics.median(getattr(c, f) for c in costs) for f in ("wall", "cpu", "rss")), rows.pop()
    )


def race(bench: Bench, rounds: int):
    contenders = {
        "backfill": lambda: bench.ours(FULL_FROM),
        "peer_todf": lambda: bench.peer("peer_todf", FULL_FROM),
        "peer_best": lambda: bench.peer("peer_best", FULL_FROM),
    }
    results: dict[str, list[Cost]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, contend in contenders.items():
            cost = contend()
            print(f"{'warm-up' if number == 0 else f'round {number}'} {name:10} {cost}", flush=True)
            if number > 0:
                results[name].append(cost)
    medians = {name: median(costs) for name, costs in results.items()}
    for name, cost in medians.items():
        print(f"median  {name:10} {cost}")
    if len({cost.rows for cost in medians.values()}) != 1:
        raise SystemExit("The contenders do not have the same number of rows")
    us = medians["backfill"]
    for name, most in (("peer_todf", 0.5), ("peer_best", 1.3)):
        peer = medians[name]
        print(
            f"backfill / {name}: {us.wall / peer.wall:.2f} wall (at most {most}),"
            f" {us.cpu / peer.cpu:.2f} CPU, {us.rss / peer.rss:.2f} memory (less than 1)"
        )


def memory(bench: Bench, rounds: int):
    bench.ours(FULL_FROM)
    full = median([bench.ours(FULL_FROM) for _ in range(rounds)])
    small = median([bench.ours(SMALL_FROM) for _ in range(rounds)])
    print(f"whole job       {full}")
    print(f"a fifteenth     {small}")
    print(f"peak {full.rss:.0f} MB (under 600), {full.rss / small.rss:.2f} times the fifteenth's (at most 1.25)")


def startup(bench: Bench, rounds: int):
    bench.ours(FULL_FROM)
    bench.status()
    status = median([bench.status() for _ in range(rounds)])
    nothing = median([bench.ours(FULL_FROM, keep=True) for _ in range(rounds)])
    print(f"status              {status.wall:.2f} s wall, {status.cpu:.2f} s CPU (under 0.5 s)")
    print(f"run, nothing to do  {nothing.wall:.2f} s wall, {nothing.cpu:.2f} s CPU (under 1.5 s)")


def main():
    root, what = Path(sys.argv[1]).resolve(), sys.argv[2]
    kinds = {"race": (race, 3), "memory": (memory, 3), "startup": (startup, 7)}
    function, rounds = kinds[what]
    (root / "benchmarks" / "target").mkdir(exist_ok=True)
    bench = Bench(root)
    try:
        function(bench, int(sys.argv[3]) if len(sys.argv) > 3 else rounds)
    finally:
        bench.close()


main()
