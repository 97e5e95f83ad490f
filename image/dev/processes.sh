# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Programs in the background: started with a log each, awaited by a line of that log, stopped by process id.

declare -A process_id=()
process_order=()
log_folder=$top/build/run/log

# start NAME COMMAND...: output goes to build/run/log/NAME.log
start() {
  local name=$1
  shift
  mkdir -p "$log_folder"
  "$@" </dev/null >"$log_folder/$name.log" 2>&1 &
  process_id[$name]=$!
  process_order+=("$name")
}

running() { [ -n "${process_id[$1]:-}" ] && kill -0 "${process_id[$1]}" 2>/dev/null; }

# wait_for_line NAME PATTERN SECONDS: prints the first line of NAME's log that matches; fails with the log's end.
wait_for_line() {
  local name=$1 pattern=$2 deadline=$((SECONDS + $3)) line
  while true; do
    if line=$(grep -m 1 -E -- "$pattern" "$log_folder/$name.log" 2>/dev/null); then
      printf '%s\n' "$line"
      return 0
    fi
    if ! running "$name"; then
      show_log "$name"
      fail "$name ended before it was ready." "Its whole log is ${log_folder#"$top"/}/$name.log"
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      show_log "$name"
      fail "$name did not say '$pattern' within $3 s." "Its whole log is ${log_folder#"$top"/}/$name.log"
    fi
    sleep 0.05
  done
}

# wait_until SECONDS COMMAND...: until COMMAND succeeds; status 1 when the time is over
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

show_log() {
  printf '    the last lines of %s:\n' "${log_folder#"$top"/}/$1.log" >&2
  tail -n 25 "$log_folder/$1.log" 2>/dev/null | sed 's/^/    | /' >&2
}

# stop NAME: asks, waits 10 s, then insists. The program's exit status is in stop_status (0 if it was not running).
stop_status=0
stop() {
  local name=$1 pid=${process_id[$1]:-}
  stop_status=0
  [ -n "$pid" ] || return 0
  kill -TERM "$pid" 2>/dev/null || true
  if ! wait_until 10 process_gone "$pid"; then
    say "$name did not end within 10 s of being asked and was killed"
    kill -KILL "$pid" 2>/dev/null || true
  fi
  wait "$pid" 2>/dev/null || stop_status=$?
  unset "process_id[$name]"
}

# A process that ended but was not waited for yet is gone too.
process_gone() { ! kill -0 "$1" 2>/dev/null || [ "$(awk '/^State:/ {print $2}' "/proc/$1/status" 2>/dev/null)" = Z ]; }

stop_all() {
  local i
  for ((i = ${#process_order[@]} - 1; i >= 0; i--)); do stop "${process_order[i]}"; done
  process_order=()
}
