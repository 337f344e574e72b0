#!/usr/bin/env bash
# Measures. Each figure of benchmarks/README.md has its command there.
#
#   benchmarks/run.sh decode            our decoder against the official Rust one, same file
#   benchmarks/run.sh load [ROUNDS]     the writer against DuckDB's own INSERT SELECT
#   benchmarks/run.sh race [ROUNDS]     ./backfill run against two Python programs
#   benchmarks/run.sh memory [ROUNDS]   peak memory of that run, and of a fifteenth of it
#   benchmarks/run.sh startup [ROUNDS]  status, and a run with nothing to do
#   benchmarks/run.sh plan [ROUNDS]     planning over a ledger of 100,000 rows
#   benchmarks/run.sh scale [ROUNDS]    landing by 1 to 8 requests at a time, on each runner
#   benchmarks/run.sh runners [ROUNDS]  daily-futures, direct and by Flink in the same process
#   benchmarks/run.sh all
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
out=benchmarks/target/bench
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# Built with Error Prone as always, but not checked or tested here.
build() {
  echo "benchmarks: building ..." >&2
  mvn -q -B -pl benchmarks -am package -DskipTests -Denforcer.skip -Dspotless.check.skip \
    -Dcheckstyle.skip -Djacoco.skip -Dmdep.analyze.skip >&2
  mkdir -p "$out"
  class_path=$(ls benchmarks/target/backfill-benchmarks-*.jar):$(cat benchmarks/target/classpath.txt)
}

launcher() {
  ./backfill --version >/dev/null # builds it when it must
}

python_environment() {
  venv=$root/$out/venv
  if ! cmp -s benchmarks/race/requirements.txt "$venv/made-for.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
      -r benchmarks/race/requirements.txt
    cp benchmarks/race/requirements.txt "$venv/made-for.txt"
  fi
}

# at_most LIMIT MILLISECONDS
at_most() {
  [ "$2" -le "$1" ] || { echo "more than the $1 ms that it may be: $2" >&2; exit 1; }
}

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# Rust before and after Java, so that neither has the quieter machine.
decode() {
  build
  (cd benchmarks/rust-decode && cargo build --release --quiet)
  file=$out/hourly-5m.dbn.zst
  "$java" -cp "$class_path" dev.backfill.benchmarks.DecodeFile
  rust() { benchmarks/rust-decode/target/release/rust-decode "$file" 5; }
  rust >"$out/rust.txt"
  "$java" -cp "$class_path" org.openjdk.jmh.Main DecodeBenchmark -jvmArgs "-Xmx256m -XX:+UseSerialGC" \
    -rf csv -rff "$out/decode.csv" -v SILENT
  rust >>"$out/rust.txt"
  official=$(median <"$out/rust.txt")
  tail -n +2 "$out/decode.csv" | tr -d '"' | awk -F, -v rust="$official" '
    {sub(/.*\./, "", $1); printf "%-10s %5.1f M bars/s, %.2f of the Rust decoder\n", $1, $5 / 1e6, $5 / rust}
    END {printf "%-10s %5.1f M bars/s (normalize must reach 0.90 of it)\n", "Rust", rust / 1e6}'
}

# With the launcher's own settings of Java.
load() {
  build
  "$java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    --add-opens=java.base/java.nio=ALL-UNNAMED -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
    -cp "$class_path" dev.backfill.benchmarks.LoadBenchmark "$out/load" "$@"
}

# emulator FOLDER: begins to serve; its address in $url, its key in the environment.
emulator() {
  mkdir -p "$1"
  ./backfill emulator --port 0 --now 2025-12-16 >"$1/emulator.txt" 2>&1 &
  trap 'kill '$! EXIT
  until grep -q '^key ' "$1/emulator.txt"; do sleep 0.2; done
  url=$(awk '$1 == "url" {print $2}' "$1/emulator.txt")
  DATABENTO_API_KEY=$(awk '$1 == "key" {print $2}' "$1/emulator.txt")
  export DATABENTO_API_KEY
}

# Whole processes, each with a fresh database and a fresh landing, in turns.
runners() {
  local rounds=${1:-5} folder=$root/$out/runners runner began round
  launcher
  rm -rf "$folder"
  emulator "$folder"
  for ((round = 0; round <= rounds; round++)); do
    for runner in direct flink; do
      rm -rf "$folder/db" "$folder/landing"
      mkdir "$folder/db"
      began=$(date +%s%N)
      ./backfill run daily-futures --db "$folder/db/x.duckdb" --landing "$folder/landing" \
        --api-url "$url" --runner "$runner" --quiet >"$folder/said.txt" ||
        { cat "$folder/said.txt"; exit 1; }
      [ "$round" = 0 ] || # the first warms up
        echo $((($(date +%s%N) - began) / 1000000)) >>"$folder/$runner.ms"
    done
  done
  for runner in direct flink; do
    echo "daily-futures, --runner $runner: $(median <"$folder/$runner.ms") ms, whole process"
  done
  at_most 3000 $(($(median <"$folder/flink.ms") - $(median <"$folder/direct.ms")))
}

# Whole processes, one ledger after the other: what the rows cost is the difference.
plan() {
  local rounds=${1:-7} folder=$root/$out/plan rows what began
  build
  launcher
  rm -rf "$folder"
  for rows in 87 100000; do
    "$java" -cp "$class_path" dev.backfill.benchmarks.LargeLedger "$folder" "$rows"
  done
  emulator "$folder"
  for ((round = 0; round <= rounds; round++)); do
    for what in plan run; do
      for rows in 87 100000; do
        began=$(date +%s%N)
        ./backfill "$what" "$folder/job.yaml" --db "$folder/$rows.duckdb" --quiet \
          --landing "$folder/landing" --api-url "$url" >"$folder/said.txt" ||
          { cat "$folder/said.txt"; exit 1; }
        [ "$round" = 0 ] || # the first warms up
          echo $((($(date +%s%N) - began) / 1000000)) >>"$folder/$what-$rows.ms"
      done
    done
  done
  for what in plan run; do
    for rows in 87 100000; do
      echo "$what over $rows rows of coverage: $(median <"$folder/$what-$rows.ms") ms, whole process"
    done
  done
  at_most 1000 $(($(median <"$folder/plan-100000.ms") - $(median <"$folder/plan-87.ms")))
  at_most 2000 "$(median <"$folder/run-100000.ms")"
}

against_the_emulator() {
  launcher
  python_environment
  "$venv/bin/python" benchmarks/race/race.py "$root" "$@"
}

scale() {
  launcher
  python3 benchmarks/scale/scale.py "$root" "$@"
}

case ${1:-} in
  decode) decode ;;
  load) load "${@:2}" ;;
  plan) plan "${@:2}" ;;
  scale) scale "${@:2}" ;;
  runners) runners "${@:2}" ;;
  race | memory | startup) against_the_emulator "$@" ;;
  all) for what in decode load race memory startup plan scale runners; do echo "== $what"; "$0" "$what"; done ;;
  *) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2 ;;
esac
