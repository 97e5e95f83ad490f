# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The walk of ./dev run. When demo_run is called, the central server and the agent of image/dev/run.sh run and the
# terminal is enrolled: $terminal_config, $centre_url, $central_data, $run_folder, $bin are set, and start, stop, running,
# wait_for_line, wait_until (processes.sh), central_start, agent_start, ctl (run.sh), step, say, fail, logged (say.sh) can be used.
# What demo_run leaves is in $demo_folder, made anew each time. Every line of its report was observed, not assumed.

demo_folder=$top/build/demo

demo_run() {
  rm -rf "$demo_folder"
  mkdir -p "$demo_folder/receipts"
  step "A citizen's report with the network up: saved, printed, delivered" demo_report online
  step "The agency answers; the tracking page shows it" demo_answer
  stop central
  step "A citizen's report with the server down: saved, printed, waiting" demo_report offline
  step "Starting the central server again" central_start
  step "The waiting report is delivered by itself" demo_delivered offline
  step "Writing build/demo/summary.json" demo_summary
  demo_tell
}

demo_report() {
  ctl seed --config "$terminal_config" --complaints 1 --seed "$RANDOM" --print --json >"$demo_folder/$1.json" ||
    fail "the $1 report was not taken." "anjunganctl doctor --config build/run/terminal.toml names what is wrong."
  demo check-receipt "$1" || fail "the receipt of the $1 report is not as it should be."
  if [ "$1" = online ]; then demo_delivered "$1"; else demo not-delivered "$1" || fail "a report was delivered to a server that is down."; fi
}

demo_delivered() {
  wait_until 60 demo delivered "$1" || {
    show_log agent
    fail "the $1 report did not reach the centre within 60 s."
  }
  demo page "$1" known || fail "the tracking page does not know the $1 report."
}

demo_answer() {
  local number
  number=$(demo number online)
  logged "$log_folder/staff.log" ctl central --data "$central_data" dispose "$number" --agency dsdabm
  logged "$log_folder/staff.log" ctl central --data "$central_data" follow-up "$number" \
    --text "Petugas sudah memeriksa lokasi. Perbaikan dijadwalkan minggu depan."
  demo page online known in_progress || fail "the tracking page does not show the agency's answer."
}

demo_summary() { demo summary; }

demo() {
  python3 image/dev/demo.py --folder "$demo_folder" --receipts "$run_folder/receipts" --ctl "$bin/anjunganctl" \
    --config "$terminal_config" --url "$centre_url" "$@"
}

demo_tell() {
  printf '==> Everything below was observed:\n'
  demo tell
}
