# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./dev cups

cups_usage() {
  cat <<'TEXT'
usage: ./dev cups FOLDER         start a CUPS scheduler of its own in FOLDER, with the struk backend
       ./dev cups FOLDER stop    end it

Prints only lines to eval (export CUPS_SERVER=...), so:  eval "$(./dev cups /tmp/cups)"
Then, for example:  lpadmin -p struk -E -v struk:tcp://127.0.0.1:9100 -m raw
Works as root and as an ordinary user; the machine's own CUPS is not touched.
TEXT
}

dev_cups() {
  case ${1:-} in
    '' | -*) cups_usage; [ "${1:-}" = --help ] || [ "${1:-}" = -h ] || exit 2; exit 0 ;;
  esac
  case ${2:-} in
    stop) exec printer/queue/private_cups stop "$1" ;;
    '') ;;
    *) cups_usage >&2; fail "after the folder comes nothing or stop." ;;
  esac
  {
    need build cups
    step "Configuring (build)" configure release build
    step "Compiling struk" compile build struk
  } >&2
  exec printer/queue/private_cups start "$1" build/bin/struk
}
