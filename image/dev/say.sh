# SPDX-License-Identifier: Apache-2.0
# How ./dev speaks: every step says what it does and how long it took, every failure says what to do.
# shellcheck shell=bash

current_step=
step_start=0
advice=

say() { printf '    %s\n' "$*"; }

# step TEXT COMMAND...: COMMAND runs in this shell; the first failing line of it ends ./dev.
step() {
  current_step=$1
  step_start=$EPOCHREALTIME
  shift
  printf '==> %s\n' "$current_step"
  "$@"
  printf '    done in %s s\n' "$(seconds_since "$step_start")"
  current_step=
  advice=
}

seconds_since() {
  local now=$EPOCHREALTIME
  local tenths=$(((${now/[.,]/} - ${1/[.,]/}) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# What to do if the current step fails; cleared when the step is done.
if_it_fails() { advice=$*; }

# fail WHAT [WHAT TO DO]
fail() {
  printf '\n./dev: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '       %s\n' "$2" >&2
  current_step=
  exit 1
}

# logged FILE COMMAND...: output goes to FILE; its end is shown if COMMAND fails.
logged() {
  local file=$1 rc=0
  shift
  mkdir -p "$(dirname "$file")"
  "$@" >"$file" 2>&1 || rc=$?
  if [ "$rc" -ne 0 ]; then
    printf '    the last lines of %s:\n' "${file#"$top"/}" >&2
    tail -n 25 "$file" | sed 's/^/    | /' >&2
    return "$rc"
  fi
}

# Things to undo at the end, last first, however the end comes.
at_end=()
on_end() { at_end+=("$1"); }

finish() {
  local rc=$? i
  trap - EXIT
  for ((i = ${#at_end[@]} - 1; i >= 0; i--)); do ${at_end[i]} || true; done
  if [ "$rc" -ne 0 ] && [ -n "$current_step" ]; then
    printf '\n./dev: failed after %s s (exit %d): %s\n' "$(seconds_since "$step_start")" "$rc" "$current_step" >&2
    [ -z "$advice" ] || printf '       %s\n' "$advice" >&2
  fi
  exit "$rc"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
