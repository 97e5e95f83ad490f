# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./dev test

test_labels='unit contract golden e2e crash simulation fuzz lint'

test_usage() {
  cat <<TEXT
usage: ./dev test [LABEL...] [CTEST OPTION...]

Builds with address and undefined-behaviour sanitizers into build/dev and runs the tests through ctest.
  LABEL         one or more of: $test_labels
  CTEST OPTION  passed on, for example -R receipt, --verbose, --rerun-failed
The last lines are ctest's summary; the exit status is 0 only if every test passed.
TEXT
}

dev_test() {
  local labels=() options=() argument
  for argument in "$@"; do
    case $argument in
      -h | --help) test_usage; exit 0 ;;
    esac
    if [ ${#options[@]} -eq 0 ] && [[ " $test_labels " == *" $argument "* ]]; then
      labels+=("$argument")
    elif [ ${#options[@]} -eq 0 ] && [[ $argument != -* ]]; then
      test_usage >&2
      fail "\"$argument\" is neither a label nor an option."
    else
      options+=("$argument")
    fi
  done

  need build test
  if wants_label fuzz "${labels[@]}" && compgen -G 'tests/fuzz/*/CMakeLists.txt' >/dev/null; then
    step "Configuring the fuzz targets (build/fuzz)" configure fuzz build/fuzz
    step "Compiling the fuzz targets" compile build/fuzz tests/all
  fi
  step "Configuring with sanitizers (build/dev)" configure dev build/dev "-DANJUNGAN_FUZZ_BIN=$top/build/fuzz/bin"
  if [ "${labels[*]}" != lint ]; then
    step "Compiling with $(jobs_at_once) jobs" compile build/dev
  fi
  if wants_label e2e "${labels[@]}" && [ -f tests/e2e/package-lock.json ]; then
    step "Fetching the npm packages of the end-to-end tests (build/npm/e2e)" npm_install tests/e2e e2e
  fi

  if [ ${#labels[@]} -gt 0 ]; then
    options=(-L "^($(IFS='|'; echo "${labels[*]}"))\$" "${options[@]}")
  fi
  printf '==> Running the tests (one by name: ./dev test -R NAME; full log: build/dev/Testing/Temporary/LastTest.log)\n'
  export CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$(jobs_at_once)}
  exec ctest --test-dir build/dev --output-on-failure --no-tests=error "${options[@]}"
}

# wants_label LABEL [CHOSEN...]: no choice is every label
wants_label() {
  local label=$1
  shift
  [ $# -eq 0 ] || [[ " $* " == *" $label "* ]]
}
