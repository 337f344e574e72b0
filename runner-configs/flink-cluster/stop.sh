#!/bin/sh
# stop.sh: ends the processes that start.sh began, and no others, and deletes what they leave behind
# but the logs.
#
# FLINK_RUN_DIR       the cluster's folder (default target/run beside this file)
set -eu
. "$(dirname "$0")/common.sh"

names=
for file in "$run"/*.pid; do
  [ -f "$file" ] || continue
  name=${file##*/}
  name=${name%.pid}
  if alive "$name"; then
    names="$names $name"
    # A process that is stopped would not hear the other signal.
    kill -TERM "$pid" && kill -CONT "$pid" || true
  fi
done

left=50 # tenths of a second that each has to end by itself
for name in $names; do
  while alive "$name"; do
    if [ $left -gt 0 ]; then left=$((left - 1)); else kill -KILL "$pid" 2>/dev/null || true; fi
    sleep 0.1
  done
  # A large process loses its arguments a moment before it is gone; one without a parent to reap it
  # stays as a zombie.
  pid=$(cat "$run/$name.pid")
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    case $(ps -o stat= -p "$pid" 2>/dev/null) in '' | Z*) break ;; esac
    sleep 0.2
  done
done

rm -rf "$run/tmp" "$run/conf" "$run/ports" "$run"/*.pid
if [ -n "$names" ]; then say "stopped:$names"; else say "nothing runs here ($run)"; fi
