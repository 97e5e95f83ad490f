# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./dev bench

bench_usage() {
  cat <<'TEXT'
usage: ./dev bench [--long] [NAME...]

Builds optimised into build and runs every benchmark under tests/bench, or those named. Figures go to
build/bench/NAME.json, one JSON object a line; the table at the end shows all of them with their limits.
  --long   the long runs too
The exit status is 0 only if every limit holds.
TEXT
}

dev_bench() {
  local names=() name long=
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) bench_usage; exit 0 ;;
      --long) long=1 ;;
      -*) bench_usage >&2; fail "there is no option $1" ;;
      *) [ -x "tests/bench/$1/run" ] || fail "there is no benchmark $1 (tests/bench/$1/run)."; names+=("$1") ;;
    esac
    shift
  done
  if [ ${#names[@]} -eq 0 ]; then
    for name in tests/bench/*/run; do
      [ ! -x "$name" ] || names+=("$(basename "$(dirname "$name")")")
    done
  fi
  [ ${#names[@]} -gt 0 ] || fail "there is no benchmark under tests/bench."

  need build bench
  step "Configuring (build)" configure release build -DANJUNGAN_BENCH=ON
  step "Compiling with $(jobs_at_once) jobs" compile build
  mkdir -p build/bench
  export ANJUNGAN_BIN=$top/build/bin ANJUNGAN_BENCH_OUT=$top/build/bench
  [ -z "$long" ] || export ANJUNGAN_LONG=1
  for name in "${names[@]}"; do
    if [ -f "tests/bench/$name/package-lock.json" ]; then
      step "Fetching the npm packages of $name" npm_install "tests/bench/$name" "bench_$name"
      export ANJUNGAN_NODE_MODULES=$top/build/npm/bench_$name/node_modules
    fi
    rm -f "build/bench/$name.json"
    if_it_fails "Its whole output is build/log/bench-$name.log; run it alone with ./dev bench $name"
    step "Measuring: $name" logged "build/log/bench-$name.log" "tests/bench/$name/run"
    [ -s "build/bench/$name.json" ] || fail "tests/bench/$name/run wrote no build/bench/$name.json"
  done
  python3 tests/bench/table.py build/bench "${names[@]}"
}
