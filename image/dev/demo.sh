# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The headless half of ./dev run. When demo_run is called, the central server and the agent of image/dev/run.sh run and
# the terminal is enrolled: $terminal_config, $centre_url, $central_data, $run_folder, $bin are set, and start, stop, running,
# wait_for_line, wait_until (processes.sh), central_start, agent_start, ctl (run.sh), step, say, fail, logged (say.sh) can be used.
# What demo_run leaves is in $demo_folder, made anew each time.

demo_folder=$top/build/demo

demo_run() {
  rm -rf "$demo_folder"
  mkdir -p "$demo_folder"
  step "Opening the look-up page" look_up_page_opens
}

# The page a citizen without a smartphone's camera types the access code into.
look_up_page_opens() {
  wait_until 10 curl --silent --fail --output "$demo_folder/look-up.html" "$centre_url/" ||
    fail "the central server does not answer at $centre_url/" "Its log is build/run/log/central.log"
}
