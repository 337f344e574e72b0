#!/usr/bin/env bash
# Proves with the official Databento client, unchanged, that the emulator answers as the service
# does, and that the tables we load are the DataFrames that it shows.
#
# Makes a Python environment of its own under target/; needs python3 with its venv module, and
# what ./backfill needs. Ends with "N passed, M failed"; exit code 0 only when nothing failed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
venv=$root/emulator/target/third-party/venv
wanted=$here/requirements.txt

# Built once for these requirements; a half-made one has no stamp.
if ! cmp -s "$wanted" "$venv/made-for.txt"; then
  echo "check: making a Python environment ..." >&2
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted"
  cp "$wanted" "$venv/made-for.txt"
fi

exec "$venv/bin/python" "$here/check.py" "$root"
