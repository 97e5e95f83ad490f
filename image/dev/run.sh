# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./dev run: central server, agent, receipt printer and a terminal, all from build/bin, data in build/run.
source image/dev/processes.sh
source image/dev/demo.sh

run_usage() {
  cat <<'TEXT'
usage: ./dev run [--hold SECONDS] [--fresh]

Builds the programs, starts the central server and the agent, and enrols a terminal. Where CUPS is installed its receipts
go through a scheduler of its own and the struk backend to a simulated receipt printer (a word in build/run/receipts/state
gives it a fault: media-empty, cover-open, offline, ready), else to a virtual printer.
With a display the kiosk opens in a window, and each receipt is shown in another one beside it.
Without one a robot citizen walks two invented reports through all of it by touching the kiosk's screen: one with
the server up, one with the server down and back. Screens, receipts and summary.json are left in build/demo/.
  --hold SECONDS  without a display: keep the servers up so long after the walk, for opening the pages
  --fresh         forget the data of earlier runs (build/run)
Ctrl-C stops everything. Logs: build/run/log/.
TEXT
}

run_folder=$top/build/run
bin=$top/build/bin
terminal_config=$run_folder/terminal.toml
central_data=$run_folder/central
centre_url=

dev_run() {
  local hold=0 fresh=
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) run_usage; exit 0 ;;
      --hold)
        [[ ${2:-} =~ ^[0-9]+$ ]] || fail "--hold needs a number of seconds."
        hold=$2
        shift ;;
      --fresh) fresh=1 ;;
      *) run_usage >&2; fail "there is no option $1" ;;
    esac
    shift
  done

  need build run
  step "Configuring (build)" configure release build
  step "Compiling with $(jobs_at_once) jobs" compile build
  only_one_run
  [ -z "$fresh" ] || rm -rf "$run_folder"
  mkdir -p "$run_folder/log"
  on_end stop_all
  step "Starting the central server" central_start
  if [ -x /usr/sbin/cupsd ] && command -v lpadmin >/dev/null; then
    step "Starting a receipt printer and its CUPS" printer_start
  fi
  write_terminal_config
  step "Enrolling the terminal" enrol
  step "Starting the agent" agent_start
  say "tracking pages: $centre_url/"
  say "logs: build/run/log/, data: build/run/"

  if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    window_run
    return
  fi
  trap 'say "stopping"; exit 130' INT TERM
  demo_run
  if [ "$hold" -gt 0 ]; then
    printf '==> Everything stays up for %s s: %s/ (Ctrl-C ends it sooner)\n' "$hold" "$centre_url"
    trap 'say "stopping"; exit 0' INT TERM
    local deadline=$((SECONDS + hold))
    while [ "$SECONDS" -lt "$deadline" ]; do
      running central || { show_log central; fail "the central server ended."; }
      running agent || { show_log agent; fail "the agent ended."; }
      sleep 0.5
    done
  fi
}

# The kiosk in a window until it is closed or Ctrl-C.
window_run() {
  trap 'say "stopping"; exit 0' INT TERM
  mkdir -p "$run_folder/receipts"
  start receipts "$bin/anjungan" --show-receipts "$run_folder/receipts"
  start kiosk "$bin/anjungan" --config "$terminal_config"
  wait_for_line kiosk 'screen.opened' 20 >/dev/null
  printf '==> The kiosk is in its window; Ctrl-C here stops everything.\n'
  local name
  while running kiosk; do
    for name in central agent; do
      running "$name" || { show_log "$name"; fail "$name ended."; }
    done
    sleep 0.5
  done
  show_log kiosk
}

# Two runs on one data folder would fight for the lock and the port.
only_one_run() {
  mkdir -p "$top/build"
  exec 9>"$top/build/run.lock"
  flock -n 9 || fail "another ./dev run is using build/run." "Stop it (Ctrl-C in its terminal) first."
}

# The port of the last run, so that receipts printed then still open; another one if it is taken.
central_start() {
  local port=8750 line
  [ ! -f "$run_folder/port" ] || port=$(cat "$run_folder/port")
  if port_taken "$port"; then
    say "port $port is taken: another one is used, receipts of earlier runs point to the old one"
    port=0
  fi
  start central "$bin/anjungan-central" --listen "127.0.0.1:$port" --data "$central_data" \
    --catalogue "$top/assets/catalogue/bandung" "${public_url[@]}"
  line=$(wait_for_line central 'listening on ' 20)
  port=${line##*:}
  port=${port%%[!0-9]*}
  printf '%s\n' "$port" >"$run_folder/port"
  centre_url=http://127.0.0.1:$port
}

printer_config='kind = "virtual"'

# A scheduler of our own: the machine's, if there is one, is left alone.
printer_start() {
  local line uri
  start printer "$bin/struk-simulator" --out "$run_folder/receipts"
  line=$(wait_for_line printer '^listening on ' 20)
  uri=struk:tcp://${line#listening on }
  eval "$(printer/queue/private_cups start "$(cups_folder)" "$bin/struk")"
  on_end cups_stop
  logged "$log_folder/cups.log" lpadmin -p struk -E -v "$uri" -m raw
  watch_start
  printer_config=$'kind = "cups"\nqueue = "struk"\nwatch = "'"$(cups_folder)/states"'"'
}

# As the service of an installed terminal: the scheduler's user, and its locks.
watch_start() {
  local states as=()
  states=$(cups_folder)/states
  rm -rf "$states"
  mkdir -p "$states"
  if [ "$EUID" -eq 0 ]; then
    chown lp:lp "$states"
    as=(setpriv --reuid=lp --regid=lp --clear-groups)
  fi
  start watch "${as[@]}" env "CUPS_CACHEDIR=$(cups_folder)/cache" "$(cups_folder)/bin/backend/struk" --watch "$states"
}

cups_stop() { printer/queue/private_cups stop "$(cups_folder)"; }

# The scheduler's user must reach it, which a folder in somebody's home does not allow.
cups_folder() {
  if [ "$EUID" -eq 0 ]; then printf '/tmp/anjungan-cups-%s' "$(cksum <<<"$top" | cut -d' ' -f1)"; else printf '%s' "$run_folder/cups"; fi
}

public_url=()

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

agent_start() { start agent "$bin/anjungan-sync" --config "$terminal_config"; }

write_terminal_config() {
  cat >"$terminal_config" <<TOML
# Written by ./dev run at each start.
[terminal]
data = "$run_folder/terminal"
runtime = "$(runtime_folder)"
office = "MPP Kota Bandung"
place = "Lantai 1"
zone = "WIB"
region = 3273

[centre]
url = "$centre_url"

[printer]
$printer_config
folder = "$run_folder/receipts"
medium = "80mm"

$(screen_config)
fullscreen = false

[brand]
government = "Pemerintah Kota Bandung"
hall = "Mal Pelayanan Publik"
help = "Petugas kami di Loket 1."
phone = "(022) 555-0142"

[catalogue]
folder = "$top/assets/catalogue/bandung"

# short, so that an answer shows while one looks
[sync]
base_s = 1
cap_s = 30
poll_s = 2
TOML
}

# A portrait kiosk of the usual size; in a window at half of it, so that it fits a desk's screen beside its receipts.
screen_config() {
  if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    printf '[screen]\nwidth = 540\nheight = 960\npx_per_mm = 2.015\n'
  else
    printf '[screen]\nwidth = 1080\nheight = 1920\npx_per_mm = 4.03\n'
  fi
}

# Sockets live here, and their path must be short: a clone far down gets a folder under /tmp or XDG_RUNTIME_DIR.
runtime_folder() {
  local folder=$run_folder/runtime
  [ ${#folder} -le 80 ] || folder=${XDG_RUNTIME_DIR:-/tmp}/anjungan-$EUID-$(cksum <<<"$top" | cut -d' ' -f1)
  mkdir -p -m 700 "$folder"
  printf '%s' "$folder"
}

ctl() { "$bin/anjunganctl" "$@"; }

# As at a real hall: a one-time code from the centre, the terminal makes its keys and shows their fingerprint, the
# administrator confirms that fingerprint. Only where it was not done in an earlier run.
enrol() {
  if ctl status --config "$terminal_config" --json 2>/dev/null | grep -q '"enrolled": *true'; then
    say "enrolled in an earlier run"
    return
  fi
  local code line
  code=$(ctl central --data "$central_data" enrol-code --office "MPP Kota Bandung" --place "Lantai 1" --region 3273 \
    2>"$log_folder/enrol-code.log") || { show_log enrol-code; fail "the centre gave no enrolment code."; }
  start enrol "$bin/anjunganctl" enrol --config "$terminal_config" --code "$code" --patience 30
  line=$(wait_for_line enrol '^Fingerprint: ' 20)
  logged "$log_folder/confirm.log" ctl central --data "$central_data" confirm "$(sed -E 's/^Fingerprint: +//' <<<"$line")"
  wait "${process_id[enrol]}" || { show_log enrol; fail "the terminal was not enrolled."; }
  unset "process_id[enrol]"
}
