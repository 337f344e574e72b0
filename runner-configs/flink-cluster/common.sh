# What start.sh and stop.sh share: where things lie, and which processes are ours. Sourced, not run.
#
# FLINK_RUN_DIR   the cluster's folder: PIDs, logs, temporaries (default target/run beside this file)

here=$(cd "$(dirname "$0")" && pwd -P)
run=${FLINK_RUN_DIR:-$here/target/run}
case $run in /*) ;; *) run=$PWD/$run ;; esac

say() { echo "flink-cluster: $*"; }

fail() {
  echo "flink-cluster: $*" >&2
  exit 1
}

# alive NAME: whether the process of run/NAME.pid lives and is this cluster's: a PID comes back.
alive() {
  pid=$(cat "$run/$1.pid" 2>/dev/null) && [ -n "$pid" ] &&
    ps -ww -o args= -p "$pid" 2>/dev/null | grep -qF -- "-Dbackfill.cluster=$run "
}
