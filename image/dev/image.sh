# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# ./dev image: a Debian root file system of this machine's release with the programs, as a disk image and a kernel.

image_usage() {
  cat <<'TEXT'
usage: ./dev image [--config FILE] [--with-central]

Builds optimised and makes, with mmdebstrap (needs root or sudo), in build/image:
  anjungan.ext4   root file system: Debian of this machine's release, kernel modules, programs, users, hardened units
  vmlinuz, initrd.img
  SHA256SUMS
  --config FILE    the terminal's configuration (default: the example image/terminal.toml)
  --with-central   also enable the central server in it (a hall without a city host)
All passwords are locked. Boot it with: root=LABEL=anjungan ro quiet consoleblank=0
TEXT
}

image_folder=$top/build/image
image_root=$image_folder/root

dev_image() {
  local config=$top/image/terminal.toml central=
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) image_usage; exit 0 ;;
      --config)
        [ -f "${2:-}" ] || fail "--config needs a file."
        config=$(realpath "$2")
        shift ;;
      --with-central) central=1 ;;
      *) image_usage >&2; fail "there is no option $1" ;;
    esac
    shift
  done
  [ "$EUID" -eq 0 ] || command -v sudo >/dev/null || fail "a root file system needs root or sudo to make." "Run ./dev image as root."
  local start=$EPOCHREALTIME
  need build image
  step "Configuring (build)" configure release build
  step "Compiling with $(jobs_at_once) jobs" compile build
  mkdir -p "$image_folder"
  if_it_fails "Look at build/log/image.log. It needs 3 GB free and Debian's archive."
  step "Making the root file system" make_root
  step "Installing the programs and units" install_into_root "$config" "$central"
  step "Packing" pack_root
  say "build/image: anjungan.ext4 $(size_of anjungan.ext4), of which used $(size_used), vmlinuz $(size_of vmlinuz), initrd.img $(size_of initrd.img); $(seconds_since "$start") s in all"
}

make_root() {
  local release architecture packages
  release=$(. /etc/os-release && echo "$VERSION_CODENAME")
  architecture=$(dpkg --print-architecture)
  packages=$( { listed_packages terminal; linked_packages; echo "linux-image-$architecture"; } | sort -u | paste -sd,)
  as_root rm -rf "$image_root"
  logged build/log/image.log as_root mmdebstrap --mode=root --variant=minbase \
    --aptopt='APT::Install-Recommends "false"' \
    --include="$packages" "$release" "$image_root"
}

# The Debian packages of the shared libraries that our programs link to, on this release.
linked_packages() {
  local file
  for program in build/bin/anjungan*; do
    ldd "$program" | awk '$3 ~ /^\// {print $3}'
  done | sort -u | while read -r file; do
    # dpkg may know the file by its path from before /lib became a link to /usr/lib
    { dpkg-query -S "$(realpath "$file")" || dpkg-query -S "$file" || dpkg-query -S "${file#/usr}"; } 2>/dev/null |
      head -n 1 | cut -d: -f1
  done | sort -u
}

install_into_root() {
  local config=$1 central=$2 unit
  logged build/log/image.log as_root env DESTDIR="$image_root" cmake --install build
  for unit in image/units/*.service; do
    as_root install -D -m 644 "$unit" "$image_root/etc/systemd/system/$(basename "$unit")"
  done
  as_root install -D -m 644 image/units/sysusers.conf "$image_root/usr/lib/sysusers.d/anjungan.conf"
  as_root install -D -m 644 image/units/tmpfiles.conf "$image_root/usr/lib/tmpfiles.d/anjungan.conf"
  as_root install -D -m 644 "$config" "$image_root/etc/anjungan/terminal.toml"
  logged build/log/image-units.log as_root bash -euo pipefail -s -- "$image_root" "$central" <<'ROOT'
root=$1 central=$2
systemd-sysusers --root="$root" >/dev/null 2>&1 || chroot "$root" systemd-sysusers
chroot "$root" systemctl --quiet enable anjungan.service anjungan-sync.service anjungan-struk.service
[ -z "$central" ] || chroot "$root" systemctl --quiet enable anjungan-central.service
# no login anywhere on the terminal, no way out of the kiosk by a keyboard
chroot "$root" systemctl --quiet mask getty@tty1.service ctrl-alt-del.target
chroot "$root" passwd --quiet --lock root
mkdir -p "$root/etc/systemd/logind.conf.d" "$root/etc/systemd/journald.conf.d" "$root/etc/systemd/network" "$root/etc/sysctl.d"
printf '[Login]\nNAutoVTs=0\nReserveVT=0\nHandlePowerKey=ignore\n' >"$root/etc/systemd/logind.conf.d/anjungan.conf"
printf '[Journal]\nSystemMaxUse=100M\n' >"$root/etc/systemd/journald.conf.d/anjungan.conf"
printf 'kernel.sysrq = 0\n' >"$root/etc/sysctl.d/90-anjungan.conf"
printf '[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n' >"$root/etc/systemd/network/90-anjungan.network"
chroot "$root" systemctl --quiet enable systemd-networkd.service systemd-resolved.service
ln -sf /run/systemd/resolve/resolv.conf "$root/etc/resolv.conf"
printf 'LABEL=anjungan / ext4 errors=remount-ro,noatime 0 1\n' >"$root/etc/fstab"
printf 'anjungan\n' >"$root/etc/hostname"
# printing: the backend where CUPS looks, the settings with which no receipt is lost, names that a replug keeps
install -m 755 -o root -g root "$root/usr/local/lib/cups/backend/struk" "$root/usr/lib/cups/backend/struk"
install -D -m 644 "$root/usr/local/share/anjungan/cups/60-anjungan-printer.rules" "$root/etc/udev/rules.d/60-anjungan-printer.rules"
"$root/usr/local/share/anjungan/cups/apply_settings" "$root/etc/cups"
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/doc/* "$root/etc/machine-id"
: >"$root/etc/machine-id"
ROOT
}

pack_root() {
  local used_mb
  used_mb=$(as_root du -sm "$image_root" | cut -f1)
  rm -f "$image_folder/anjungan.ext4"
  truncate -s "$((used_mb * 5 / 4 + 512))M" "$image_folder/anjungan.ext4"
  logged build/log/image.log as_root /sbin/mkfs.ext4 -q -F -L anjungan -d "$image_root" "$image_folder/anjungan.ext4"
  as_root bash -c 'cp -L "$1"/vmlinuz "$1"/initrd.img "$2"/ && chmod 644 "$2"/vmlinuz "$2"/initrd.img && rm -rf "$1"' - "$image_root" "$image_folder"
  (cd "$image_folder" && sha256sum anjungan.ext4 vmlinuz initrd.img >SHA256SUMS)
}

size_of() { du -h --apparent-size "$image_folder/$1" | cut -f1; }
size_used() { du -h "$image_folder/anjungan.ext4" | cut -f1; }
