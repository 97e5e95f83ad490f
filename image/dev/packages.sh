# SPDX-License-Identifier: Apache-2.0
# Debian packages: which are missing, and installing them without leaving a daemon running or enabled behind.
# shellcheck shell=bash

# The names in the lists PURPOSE...; "unless COMMAND: a b" counts only where COMMAND is not found.
listed_packages() {
  local purpose line
  for purpose in "$@"; do
    while read -r line; do
      case $line in
        '' | '#'*) ;;
        unless\ *)
          local command=${line#unless }
          command -v "${command%%:*}" >/dev/null || printf '%s\n' ${line#*:} ;;
        *) printf '%s\n' "$line" ;;
      esac
    done <"image/packages/$purpose.txt"
  done | sort -u
}

missing_packages() {
  local wanted
  wanted=$(listed_packages "$@")
  # shellcheck disable=SC2086
  comm -23 <(printf '%s\n' $wanted) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' | sort -u)
}

as_root() {
  if [ "$EUID" -eq 0 ]; then
    "$@"
  elif [ -t 0 ]; then
    sudo -- "$@"
  else
    sudo -n -- "$@"
  fi
}

# need PURPOSE...: installs what the lists PURPOSE name and the machine lacks.
need() {
  command -v dpkg-query >/dev/null ||
    fail "this is not a Debian system (no dpkg)." "Use Debian 12 or 13, for example in a container; image/packages/ lists what is needed."
  local missing
  missing=$(missing_packages "$@" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  if [ "$EUID" -ne 0 ] && ! command -v sudo >/dev/null; then
    fail "packages are missing and there is neither root nor sudo." \
      "Let an administrator run: apt-get install --no-install-recommends $missing"
  fi
  # shellcheck disable=SC2086
  step "Installing $(wc -w <<<"$missing") packages for: $*" install_packages $missing
}

install_packages() {
  say "$@"
  if_it_fails "Look at build/log/apt.log; when the network works again, run the same command."
  hold_daemons
  on_end release_daemons
  local known
  known=$({ apt-cache --quiet=2 show --no-all-versions "$@" 2>/dev/null || true; } | sed -n 's/^Package: //p' | sort -u)
  if [ -n "$(comm -23 <(printf '%s\n' "$@" | sort -u) <(printf '%s\n' "$known"))" ]; then
    logged build/log/apt.log as_root apt-get update
    apt_install "$@"
  elif ! apt_install "$@" 2>/dev/null; then
    # the usual cause is an index that is older than the archive
    logged build/log/apt.log as_root apt-get update
    apt_install "$@"
  fi
  release_daemons
}

apt_install() {
  logged build/log/apt.log as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends "$@"
}

# Some packages (cups, nginx, postgresql) start a service and enable it at boot. Tests start their own private
# copies, so the machine is left as it was: nothing new runs, nothing new is enabled, no database cluster is made.
policy=/usr/sbin/policy-rc.d
daemons_held=
made_policy=
enabled_before=
clusters_before=

hold_daemons() {
  daemons_held=1
  enabled_before=$(enabled_services)
  clusters_before=$(database_clusters)
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\n# Written by ./dev while it installs packages: no service starts.\nexit 101\n' |
      as_root tee "$policy" >/dev/null
    made_policy=1
    as_root chmod 755 "$policy"
  fi
}

release_daemons() {
  [ -n "$daemons_held" ] || return 0
  daemons_held=
  if [ -n "$made_policy" ]; then
    made_policy=
    as_root rm -f "$policy"
  fi
  local kind name
  while read -r kind name; do
    [ -n "$name" ] || continue
    say "left disabled: $name (enabled by its package just now)"
    case $kind in
      sysv) as_root update-rc.d "$name" disable >/dev/null 2>&1 || true ;;
      unit)
        if command -v systemctl >/dev/null; then
          as_root systemctl disable "$name" >/dev/null 2>&1 || true
        else
          as_root deb-systemd-helper disable "$name" >/dev/null 2>&1 || true
        fi ;;
    esac
  done < <(comm -13 <(printf '%s\n' "$enabled_before") <(enabled_services))
  local version cluster
  while read -r version cluster; do
    [ -n "$cluster" ] || continue
    say "removed: the empty database cluster $version/$cluster (made by its package just now)"
    as_root pg_dropcluster "$version" "$cluster" || true
  done < <(comm -13 <(printf '%s\n' "$clusters_before") <(database_clusters))
}

# Lines "sysv NAME" and "unit NAME" of what starts at boot, leaving out the system's own parts.
enabled_services() {
  {
    find /etc/rc2.d -name 'S??*' -printf 'sysv %f\n' 2>/dev/null || true
    find /etc/systemd/system -type l -path '*.wants/*' -printf 'unit %f\n' 2>/dev/null || true
  } | sed -E -e 's/^sysv S[0-9]{2}/sysv /' \
    -e '/\.timer$/d' -e '/ (dbus|udev|procps|sudo|systemd-.*|getty@.*|remote-fs|e2scrub.*|fstrim|apt-.*|dpkg-.*)(\.[a-z]+)?$/d' | sort -u
}

database_clusters() { { find /etc/postgresql -mindepth 2 -maxdepth 2 -type d -printf '%P\n' 2>/dev/null || true; } | tr / ' ' | sort; }
