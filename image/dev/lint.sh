# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./dev lint

lint_usage() {
  cat <<'TEXT'
usage: ./dev lint [--fix] [--all | FILE...]

Runs the lint tests (layers, names, format, ...) and clang-tidy-19 with the compile commands of build/dev.
  --fix   formats every source file with clang-format-19 first
  --all   clang-tidy on every .cpp; without it, on those changed since the last commit of origin's main branch
  FILE    clang-tidy on these .cpp files only
TEXT
}

dev_lint() {
  local all= fix= files=()
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) lint_usage; exit 0 ;;
      --all) all=1 ;;
      --fix) fix=1 ;;
      -*) lint_usage >&2; fail "there is no option $1" ;;
      *) [ -f "$1" ] || fail "there is no file $1"; files+=("$1") ;;
    esac
    shift
  done
  need build test lint
  if [ -n "$fix" ]; then
    step "Formatting" format_sources
  fi
  step "Configuring (build/dev)" configure dev build/dev "-DANJUNGAN_FUZZ_BIN=$top/build/fuzz/bin"
  if_it_fails "Each line above names a file, a line and what to do."
  step "Running the lint tests" ctest --test-dir build/dev -L '^lint$' --output-on-failure
  if [ -n "$all" ]; then
    mapfile -t files < <(git ls-files '*.cpp')
  elif [ ${#files[@]} -eq 0 ]; then
    mapfile -t files < <(changed_sources)
  fi
  # a file that no target of the preset compiles (a benchmark, a fuzz target) has no compile command
  local known=() file
  for file in "${files[@]}"; do
    if grep -qF "$top/$file\"" build/dev/compile_commands.json; then known+=("$file"); fi
  done
  if [ ${#known[@]} -eq 0 ]; then
    say "no changed source file for clang-tidy (./dev lint --all looks at every one)"
    return
  fi
  if_it_fails "clang-tidy's findings are above; .clang-tidy says why some checks are off."
  step "Running clang-tidy on ${#known[@]} files" tidy "${known[@]}"
}

format_sources() { git ls-files -z '*.cpp' '*.h' | xargs -0 -r clang-format-19 -i; }

tidy() {
  printf '%s\0' "$@" | xargs -0 -n 1 -P "$(jobs_at_once)" clang-tidy-19 --quiet -p build/dev \
    --extra-arg=-Wno-unknown-warning-option 2>/dev/null
}

# The .cpp files that differ from origin's main branch, or where there is none, from the commit before the last.
changed_sources() {
  local base
  base=$(git merge-base HEAD origin/HEAD 2>/dev/null || git merge-base HEAD origin/main 2>/dev/null || git rev-parse --verify -q HEAD~1) || return 0
  { git diff --name-only --diff-filter=d "$base" -- '*.cpp'; git ls-files --others --exclude-standard -- '*.cpp'; } | sort -u
}
