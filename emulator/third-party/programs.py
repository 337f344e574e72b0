"""Runs ./backfill: the emulator as a process beside us, the other commands to their end."""

import os
import queue
import re
import subprocess
import threading
import time
from pathlib import Path

SECONDS_TO_BUILD_AND_START = 900
SECONDS_TO_RUN = 300


class Emulator:
    """`./backfill emulator`, from its start until close(); its address is read from its output."""

    def __init__(self, root: Path, *options: str):
        self.lines: list[str] = []
        self.url = self.key = self.ca_file = ""
        self.process = subprocess.Popen(
            [str(root / "backfill"), "emulator", "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        arriving: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, args=(arriving,), daemon=True).start()
        self._wait(arriving, "--tls" in options)

    def _read(self, arriving):
        for line in self.process.stdout:
            arriving.put(line)
        arriving.put(None)

    def _wait(self, arriving, tls):
        until = time.monotonic() + SECONDS_TO_BUILD_AND_START
        while not (self.url and self.key and (self.ca_file or not tls)):
            try:
                line = arriving.get(timeout=max(0.1, until - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                self.close()
                raise SystemExit("The emulator did not start; it said:\n" + "".join(self.lines))
            self.lines.append(line)
            self._learn(line)

    def _learn(self, line):
        url = re.search(r"https?://[\w.]+:\d+", line)
        key = re.search(r"\bdb-[\w-]+", line)
        ca_file = re.search(r"/\S+\.(?:pem|crt)\b", line)
        self.url = self.url or (url.group() if url else "")
        self.key = self.key or (key.group() if key else "")
        self.ca_file = self.ca_file or (ca_file.group() if ca_file else "")

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def backfill(root: Path, *args, key: str = "") -> subprocess.CompletedProcess:
    """Runs one command to its end; its output is kept."""
    environment = dict(os.environ)
    if key:
        environment["DATABENTO_API_KEY"] = key
    return subprocess.run(
        [str(root / "backfill"), *map(str, args)],
        env=environment,
        text=True,
        capture_output=True,
        timeout=SECONDS_TO_RUN + SECONDS_TO_BUILD_AND_START,
    )
