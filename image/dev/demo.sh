# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The walk of ./dev run without a display. When demo_run is called, the central server and the agent of image/dev/run.sh run and the
# terminal is enrolled: $terminal_config, $centre_url, $central_data, $run_folder, $bin are set, and start, stop, running,
# wait_for_line, wait_until (processes.sh), central_start, agent_start, ctl (run.sh), step, say, fail, logged (say.sh) can be used.
# What demo_run leaves is in $demo_folder, made anew each time. Every line of its report was observed, not assumed.

demo_folder=$top/build/demo

demo_run() {
  rm -rf "$demo_folder"
  mkdir -p "$demo_folder/receipts"
  step "A citizen's report with the network up: saved, printed, delivered" demo_report online report
  step "The agency answers; the tracking page shows it" demo_answer
  step "The kiosk shows it too, to somebody who types the receipt's access code" demo_track
  stop central
  step "A citizen's report with the server down: saved, printed, waiting" demo_report offline report-short
  step "Starting the central server again" central_start
  step "The waiting report is delivered by itself" demo_delivered offline
  step "Writing build/demo/summary.json" demo_summary
  demo_tell
}

demo_report() {
  demo_walk "$1" "image/dev/walk/$2.robot" ||
    fail "the $1 report was not taken." "anjunganctl doctor --config build/run/terminal.toml names what is wrong."
  demo check-receipt "$1" || fail "the receipt of the $1 report is not as it should be."
  if [ "$1" = online ]; then demo_delivered "$1"; else demo not-delivered "$1" || fail "a report was delivered to a server that is down."; fi
}

# demo_walk NAME SCRIPT: the robot touches the kiosk's screen, by real finger events, on SDL's driver without a display.
demo_walk() {
  SDL_VIDEODRIVER=dummy logged "$log_folder/kiosk-$1.log" "$bin/anjungan" --config "$terminal_config" --robot "$2" \
    --shots "$demo_folder/screens" --robot-report "$demo_folder/$1.json"
}

demo_track() {
  demo track-script online >"$demo_folder/track.robot"
  demo_walk track "$demo_folder/track.robot" || fail "the kiosk could not follow a report by its access code."
  rm -f "$demo_folder/track.robot"
  demo tracked track || fail "the kiosk does not show the agency's answer."
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
