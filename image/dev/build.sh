# SPDX-License-Identifier: Apache-2.0
# Configuring and compiling, and the npm packages of the tests.
# shellcheck shell=bash

# As many jobs as there are cores, but no more than memory allows (the largest file needs 1.5 GB with sanitizers).
jobs_at_once() {
  local cores memory_kb
  cores=$(nproc)
  memory_kb=$(awk '/^MemAvailable/ {print $2}' /proc/meminfo)
  local by_memory=$((memory_kb / 1500000))
  [ "$by_memory" -ge 1 ] || by_memory=1
  echo $((cores < by_memory ? cores : by_memory))
}

# configure PRESET FOLDER [-D...]: wholly when the preset or the options changed, else only what ninja sees to be out of date.
configure() {
  local preset=$1 folder=$2 stamp
  shift 2
  stamp="$preset $* $(cksum <CMakePresets.json)"
  if [ -f "$folder/build.ninja" ] && [ "$(cat "$folder/.configured" 2>/dev/null)" = "$stamp" ]; then
    if_it_fails "The message above names the CMakeLists.txt. If a compiler or a library was replaced: rm -rf $folder, and again."
    logged "build/log/configure-$preset.log" ninja -C "$folder" build.ninja
    return 0
  fi
  if_it_fails "The message above names the CMakeLists.txt. If a compiler or a library was replaced: rm -rf $folder, and again."
  logged "build/log/configure-$preset.log" cmake --preset "$preset" "$@"
  printf '%s\n' "$stamp" >"$folder/.configured"
}

# compile FOLDER [TARGET...]
compile() {
  local folder=$1 quiet=(--quiet)
  shift
  [ ! -t 1 ] || quiet=()
  if_it_fails "The first error above names the file. A compiler that was killed means too little memory: close programs, and again."
  ninja -C "$folder" "${quiet[@]}" -j "$(jobs_at_once)" "$@"
}

# npm_install FOLDER NAME: the packages locked in FOLDER/package-lock.json, into build/npm/NAME (never into the tree).
npm_install() {
  local from=$1 into=build/npm/$2
  if [ -d "$into/node_modules" ] && cmp -s "$from/package-lock.json" "$into/installed-lock.json"; then
    return 0
  fi
  local major
  major=$(node --version | sed -E 's/^v([0-9]+).*/\1/')
  [ "$major" -ge 18 ] || fail "Node $(node --version) is too old." "Install Node 18 or newer (Debian's own will do)."
  mkdir -p "$into"
  cp "$from/package.json" "$from/package-lock.json" .npmrc "$into/"
  if_it_fails "Look at build/log/npm-$2.log. Behind a proxy that re-signs TLS set NODE_EXTRA_CA_CERTS to its certificate bundle."
  logged "build/log/npm-$2.log" npm --prefix "$into" ci --ignore-scripts --omit=optional --fetch-retries=2
  cp "$from/package-lock.json" "$into/installed-lock.json"
}
