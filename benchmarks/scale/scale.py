"""Measures how landing scales with the number of requests at one time, on each runner.

Usage: scale.py REPOSITORY [ROUNDS]     (started by benchmarks/run.sh)

Every measurement lands a fresh landing, 12 chunks for each slot, from an emulator that waits 300 ms
before each answer. Landing is timed by its journal: from the first request sent to the last one
that has ended. Of several rounds the one with the shortest landing is shown.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
JOB = HERE / "job.yaml"
NOW = "2025-12-16T00:00:00Z"
FROM = date(2022, 1, 3)
LATENCY = 0.3  # seconds
CHUNKS_A_SLOT = 12
# One after the other for each chunk: its bars, then the names of the contracts behind its symbols.
# A third, the count of its records, is asked beside the first.
ANSWERS_A_CHUNK = 2
CHUNKS_OF_12_DAYS = 3
RECORD_BYTES = 56  # of a bar, as it is billed
SLOTS = (1, 2, 4, 8)
NOT_PROXIED = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Figures:
    chunks: int
    bars: int
    landing: float  # seconds from the first request sent to the last ended
    whole: float  # seconds of the whole process
    answer: float  # mean seconds of the request for a chunk's bars
    spread: str  # chunks of each worker, where Flink tells it

    def row(self, runner: str, workers: int, slots: int) -> str:
        ideal = self.chunks * ANSWERS_A_CHUNK * LATENCY / slots
        return (
            f"| {runner} | {slots} | {workers} × {slots // workers} | {self.chunks}"
            f" | {self.chunks / self.landing:.1f} | {self.bars / self.landing / 1000:.1f}"
            f" | {self.bars * RECORD_BYTES / self.landing / 1e6:.2f}"
            f" | {self.landing:.1f} | {self.landing / ideal:.2f} | {self.answer * 1000:.0f}"
            f" | {self.whole:.1f} | {self.spread} |"
        )


HEADER = (
    "| runner | slots | workers × requests | chunks | chunks/s | thousand bars/s | MB/s billed |"
    " landing s | of the least | ms for the bars | process s | chunks of each worker |\n"
    + "| --- " * 12
    + "|"
)


class Bench:
    def __init__(self, root: Path):
        self.root = root
        self.cluster_scripts = root / "runner-configs" / "flink-cluster"
        (root / "benchmarks" / "target").mkdir(exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="scale-", dir=root / "benchmarks" / "target"))
        self.emulator = subprocess.Popen(
            [root / "backfill", "emulator", "--port", "0", "--now", NOW]
            + ["--latency-ms", str(int(LATENCY * 1000))],
            stdout=subprocess.PIPE,
            text=True,
        )
        said = ""
        while not (match := re.search(r"url +(\S+)\nkey +(\S+)\n", said)):
            line = self.emulator.stdout.readline()
            if not line:
                raise SystemExit("The emulator did not start; it said:\n" + said)
            said += line
        self.url, key = match.groups()
        self.environment = {
            **os.environ,
            "DATABENTO_API_KEY": key,
            "FLINK_RUN_DIR": str(self.folder / "cluster"),
            "REST_PORT": "0",
        }
        self.master = ""

    def start_cluster(self):
        began = time.monotonic()
        said = self._run([self.cluster_scripts / "start.sh", "2"], "start")
        self.master = re.search(r"--flink-master (\S+)", said).group(1)
        print(f"cluster ready in {time.monotonic() - began:.1f} s; {self.memory()}", flush=True)

    def memory(self) -> str:
        """What each process of the cluster has of the machine's memory."""
        held = {}
        for file in sorted((self.folder / "cluster").glob("*.pid")):
            status = Path(f"/proc/{file.read_text().strip()}/status")
            if status.exists():
                held[file.stem] = int(re.search(r"VmRSS:\s+(\d+)", status.read_text()).group(1))
        return ", ".join(f"{name} {kb // 1024} MB" for name, kb in held.items())

    def close(self):
        if self.master:
            self._run([self.cluster_scripts / "stop.sh"], "stop")
        self.emulator.terminate()
        self.emulator.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def land(self, slots: int, options: list[str], chunks: int = 0) -> Figures:
        landing = self.folder / "landing"
        shutil.rmtree(landing, ignore_errors=True)
        chunks = chunks or CHUNKS_A_SLOT * slots
        to = FROM + timedelta(days=12 * chunks // CHUNKS_OF_12_DAYS)
        began = time.monotonic()
        said = self._run(
            [self.root / "backfill", "land", JOB, "--from", str(FROM), "--to", str(to)]
            + ["--landing", landing, "--api-url", self.url, "--quiet", "--json", *options],
            "land",
        )
        whole = time.monotonic() - began
        bars = json.loads(said[said.index("{") :])["records"]
        ended = [entry for entry in self._journal(landing) if entry["outcome"] == "ok"]
        if len(ended) != chunks:
            raise SystemExit(f"{len(ended)} requests were answered, and {chunks} were wanted")
        starts = [datetime.fromisoformat(e["started_at"].rstrip("Z")[:26]) for e in ended]
        ends = [at + timedelta(seconds=e["seconds"]) for at, e in zip(starts, ended)]
        return Figures(
            chunks=len(ended),
            bars=bars,
            landing=(max(ends) - min(starts)).total_seconds(),
            whole=whole,
            answer=sum(entry["seconds"] for entry in ended) / len(ended),
            spread=self._spread() if "--flink-master" in options else "",
        )

    @staticmethod
    def _journal(landing: Path):
        for file in landing.rglob("*.jsonl"):
            yield from map(json.loads, file.read_text().splitlines())

    def _spread(self) -> str:
        """How many chunks each subtask of the newest job was given."""
        jobs = self._rest("/jobs/overview")["jobs"]
        job = max(jobs, key=lambda one: one["start-time"])["jid"]
        vertices = self._rest(f"/jobs/{job}")["vertices"]
        asking = next(one["id"] for one in vertices if "Ask and verify" in one["name"])
        subtasks = self._rest(f"/jobs/{job}/vertices/{asking}")["subtasks"]
        return " + ".join(str(one["metrics"]["read-records"]) for one in subtasks)

    def _rest(self, path: str):
        with NOT_PROXIED.open(f"http://{self.master}{path}", timeout=20) as answer:
            return json.load(answer)

    def _run(self, command: list, name: str) -> str:
        log = self.folder / f"{name}.log"
        with open(log, "w") as out:
            code = subprocess.call(
                [str(part) for part in command], env=self.environment, stdout=out, stderr=out
            )
        if code != 0:
            raise SystemExit(f"{command[0]} ended with {code}:\n{log.read_text()}")
        return log.read_text()


def settings(master: str):
    """What is measured: runner, workers, slots and the options that ask for them."""
    for slots in SLOTS:
        yield "direct", 1, slots, ["--parallelism", str(slots)]
    for runner, more in (("Flink in one process", []), ("cluster", ["--flink-master", master])):
        for slots in SLOTS:
            for workers in (1, 2) if slots > 1 and not more else (min(slots, 2),):
                yield runner, workers, slots, [
                    *("--runner", "flink", "--parallelism", str(workers)),
                    *("--requests-per-worker", str(slots // workers), *more),
                ]


def main():
    root = Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    # Whoever stops it by a signal is not left with an emulator and a cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    bench = Bench(root)
    try:
        bench.start_cluster()
        best: dict[tuple, Figures] = {}
        everything = list(settings(bench.master))
        for runner, workers, slots, options in (everything[0], everything[4], everything[-1]):
            bench.land(slots, options, chunks=CHUNKS_OF_12_DAYS)  # builds what is not built
        for number in range(1, rounds + 1):
            for runner, workers, slots, options in everything:
                figures = bench.land(slots, options)
                print(f"round {number} {figures.row(runner, workers, slots)}", flush=True)
                known = best.get((runner, workers, slots))
                if known is None or figures.landing < known.landing:
                    best[runner, workers, slots] = figures
        print(f"after the last: {bench.memory()}; best of {rounds}:\n{HEADER}")
        for (runner, workers, slots), figures in best.items():
            print(figures.row(runner, workers, slots))
    finally:
        bench.close()


main()
