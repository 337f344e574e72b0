#!/bin/sh
# start.sh [TASKMANAGERS]: a Flink cluster on this machine, of processes of their own: a JobManager
# and as many TaskManagers (default 2). Where some of them run already, starts those that are gone.
#
# DATABENTO_API_KEY   the key, which the TaskManagers find in their environment
# REST_PORT           of the REST address and the UI (default 8081; 0 takes a free one)
# RPC_PORT            between the processes (default a free one)
# SLOTS               of each TaskManager (default 1)
# HEARTBEAT, HEARTBEAT_TIMEOUT, SLOT_TIMEOUT
#                     milliseconds (default 10000, 50000, 300000); lower ones notice a loss sooner
# FLINK_RUN_DIR       the cluster's folder (default target/run beside this file)
# JAVA_HOME           which Java (default: the java on the PATH); 17 or newer
set -eu
. "$(dirname "$0")/common.sh"

wanted=${1:-2}
case $wanted in
  '' | *[!0-9]* | 0) fail "the number of TaskManagers is 1 or more, not '$wanted'" ;;
esac
for number in REST_PORT=${REST_PORT:-8081} RPC_PORT=${RPC_PORT:-0} SLOTS=${SLOTS:-1} \
  HEARTBEAT=${HEARTBEAT:-10000} HEARTBEAT_TIMEOUT=${HEARTBEAT_TIMEOUT:-50000} \
  SLOT_TIMEOUT=${SLOT_TIMEOUT:-300000}; do
  case ${number#*=} in
    '' | *[!0-9]*) fail "${number%%=*} is a whole number, not '${number#*=}'" ;;
  esac
done
if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; else java=java; fi
command -v "$java" >/dev/null 2>&1 || fail "there is no Java ($java): install a JDK, 17 or newer"
command -v curl >/dev/null 2>&1 || fail "there is no curl: install it"
opens="--add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED
  --add-opens=java.base/java.util=ALL-UNNAMED"

# Flink's jars from Maven, once for each version.
fetch_lib() {
  lib=$here/target/lib
  key=$(cat "$here/pom.xml" "$here/../../pom.xml" | cksum)
  [ "$(cat "$lib/key" 2>/dev/null)" != "$key" ] || return 0
  say "fetching Flink's jars ..."
  command -v mvn >/dev/null 2>&1 || fail "there is no mvn: install Maven, 3.8 or newer"
  rm -rf "$lib"
  mkdir -p "$here/target"
  (cd "$here/../.." && mvn -q -B -Dquick -Dcluster-lib -pl runner-configs/flink-cluster package) \
    >"$here/target/build.log" 2>&1 ||
    { cat "$here/target/build.log" >&2; fail "the jars could not be fetched, see above"; }
  echo "$key" >"$lib/key"
}

# configure REST_PORT RPC_PORT
configure() {
  place=$(printf '%s' "$run" | sed 's/[&|\\"]/\\&/g')
  sed -e "s|@REST_PORT@|$1|g" -e "s|@RPC_PORT@|$2|g" -e "s|@SLOTS@|${SLOTS:-1}|g" \
    -e "s|@HEARTBEAT@|${HEARTBEAT:-10000}|g" -e "s|@SLOT_TIMEOUT@|${SLOT_TIMEOUT:-300000}|g" \
    -e "s|@HEARTBEAT_TIMEOUT@|${HEARTBEAT_TIMEOUT:-50000}|g" -e "s|@RUN@|$place|g" \
    "$here/config.yaml" >"$run/conf/config.yaml"
}

# launch NAME JVM-OPTIONS CLASS [OPTION ...]: a process that outlives this script.
launch() {
  name=$1 options=$2 class=$3
  shift 3
  if [ -f "$run/log/$name.log" ]; then mv "$run/log/$name.log" "$run/log/$name.before.log"; fi
  # shellcheck disable=SC2086
  nohup "$java" $options $opens "-Dbackfill.cluster=$run" "-Dlog.file=$run/log/$name.log" \
    "-Dlog4j.configurationFile=file:$run/conf/log4j2.properties" "-Djava.io.tmpdir=$run/tmp" \
    -cp "$run/conf:$lib/*" "$class" --configDir "$run/conf" "$@" \
    </dev/null >"$run/log/$name.out" 2>&1 &
  echo $! >"$run/$name.pid"
  # For a moment it is this script still.
  tries=30
  until alive "$name" || [ $tries = 0 ]; do
    tries=$((tries - 1))
    sleep 0.1
  done
}

# from_log NAME PATTERN: what the pattern's group matches in a process's log, once it is there.
from_log() {
  until value=$(sed -n "s/.*$2.*/\\1/p" "$run/log/$1.log" 2>/dev/null | head -n 1) && [ -n "$value" ]; do
    alive "$1" || fail "the $1 ended; see $run/log/$1.log and $1.out"
    in_time
    sleep 0.3
  done
}

in_time() {
  [ "$(date +%s)" -lt "$deadline" ] ||
    fail "not ready after 90 s; see the logs in $run/log, and stop it with stop.sh"
}

start_jobmanager() {
  rest=${REST_PORT:-8081} rpc=${RPC_PORT:-0}
  # Back at its old ports, the TaskManagers find it again.
  if [ -f "$run/ports" ]; then read -r rest rpc <"$run/ports"; fi
  configure "$rest" "$rpc"
  launch jobmanager "-Xms256m -Xmx448m -XX:MaxMetaspaceSize=256m" \
    org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint --executionMode cluster
  from_log jobmanager 'Actor system started at [^ ]*:\([0-9][0-9]*\)'
  rpc=$value
  from_log jobmanager 'Rest endpoint listening at [^ ]*:\([0-9][0-9]*\)'
  rest=$value
  echo "$rest $rpc" >"$run/ports"
  configure "$rest" "$rpc"
}

start_taskmanager() {
  launch "$1" "-XX:+UseG1GC -Xms256m -Xmx640m -XX:MaxDirectMemorySize=256m -XX:MaxMetaspaceSize=256m" \
    org.apache.flink.runtime.taskexecutor.TaskManagerRunner "-Dtaskmanager.resource-id=$1"
}

# The slots of the TaskManagers that the JobManager knows.
slots() {
  curl -s --noproxy '*' --max-time 5 "http://127.0.0.1:$rest/overview" 2>/dev/null |
    sed -n 's/.*"slots-total":\([0-9]*\).*/\1/p'
}

# Whether each of the TaskManagers has registered, since it was started: the JobManager still counts
# the slots of one that has just died.
registered() {
  number=1
  while [ "$number" -le "$wanted" ]; do
    alive "taskmanager-$number" ||
      fail "TaskManager $number ended; see $run/log/taskmanager-$number.log and .out"
    grep -q 'Successful registration at resource manager' "$run/log/taskmanager-$number.log" \
      2>/dev/null || return 1
    number=$((number + 1))
  done
}

fetch_lib
mkdir -p "$run/conf" "$run/log" "$run/tmp"
cp "$here/log4j2.properties" "$run/conf/"
deadline=$(($(date +%s) + 90))
started=0
if ! alive jobmanager; then
  start_jobmanager
  started=1
fi
read -r rest rpc <"$run/ports"
number=1
while [ "$number" -le "$wanted" ]; do
  if ! alive "taskmanager-$number"; then
    start_taskmanager "taskmanager-$number"
    started=1
  fi
  number=$((number + 1))
done
until registered && known=$(slots) && [ "${known:-0}" -ge $((wanted * ${SLOTS:-1})) ]; do
  alive jobmanager || fail "the JobManager ended; see $run/log/jobmanager.log and jobmanager.out"
  in_time
  sleep 0.3
done

if [ $started = 1 ]; then say "ready, $wanted TaskManagers"; else say "running already, nothing was started"; fi
say "--runner flink --flink-master 127.0.0.1:$rest"
say "UI http://127.0.0.1:$rest   logs $run/log"
[ -n "${DATABENTO_API_KEY:-}" ] || say "no DATABENTO_API_KEY here: the workers need --api-key-file"
