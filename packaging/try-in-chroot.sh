#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# usage: packaging/try-in-chroot.sh [PACKAGE.deb]
# Installs the package into a clean Debian, starts the CLI on its lab there,
# takes a picture of the window, and removes the package again. The clean base
# and the packages that were fetched are kept for the next run.
# Exit code 77: this machine does not allow it (said in words); 1: the package is at fault.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. packaging/install_missing.sh

cannot() {
    say "The package cannot be tried in a clean system here: $*"
    exit 77
}
[ "$(id -u)" -eq 0 ] || cannot "a chroot needs root."

package=${1:-}
if [ -z "$package" ]; then
    install_missing "${build_packages[@]}" dpkg-dev file
    cmake --preset release >&2
    cmake --build --preset release --target package >&2
    package=$(ls -t build/release/package/*.deb | head -n 1)
fi
[ -f "$package" ] || { say "There is no file $package"; exit 1; }
install_missing debootstrap lintian

say "lintian $package"
lintian --allow-root --fail-on error,warning "$package"
size=$(stat -c %s "$package")
[ "$size" -lt 4000000 ] || { say "The package has $size bytes; 4 MB are allowed"; exit 1; }

suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
cache=${SIGHTGLASS_CHROOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sightglass-chroot}
base=$cache/$suite-$(dpkg --print-architecture).tar
out=build/package-trial
mkdir -p "$cache/archives" "$out"
root=$(mktemp -d "${TMPDIR:-/var/tmp}/sightglass-chroot.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ ! -s "$base" ]; then
    say "Making a clean Debian ($suite)"
    debootstrap --variant=minbase "$suite" "$root" "${SIGHTGLASS_MIRROR:-http://deb.debian.org/debian}" \
        >"$out/debootstrap.log" 2>&1 </dev/null \
        || { tail -n 5 "$out/debootstrap.log" >&2; cannot "debootstrap failed."; }
    tar -C "$root" --one-file-system -cf "$base.part" .
    mv "$base.part" "$base"
else
    tar -C "$root" -xf "$base"
fi
# mktemp made it for root alone; the users in there have to get in.
chmod 755 "$root"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
find "$cache/archives" -name '*.deb' -exec cp -t "$root/var/cache/apt/archives" {} +
cp "$package" "$root/root/sightglass.deb"
cp packaging/demo_in_terminal.sh "$root/usr/local/bin/"

# In namespaces of its own: what is started there ends with it, what is mounted goes with it.
inside() {
    unshare --mount --pid --fork --kill-child --mount-proc="$root/proc" \
        chroot "$root" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} "$@" </dev/null
}
inside true 2>"$out/unshare.log" || { cat "$out/unshare.log" >&2; cannot "no namespaces for it."; }

say "Installing the package and what it depends on"
inside apt-get -qq update
inside sh -c 'apt-get -qq -y -o APT::Keep-Downloaded-Packages=true --no-install-recommends install /root/sightglass.deb' \
    >"$out/install.log" 2>&1 || { tail -n 20 "$out/install.log" >&2; say "It does not install"; exit 1; }
find "$root/var/cache/apt/archives" -name '*.deb' -exec cp -n -t "$cache/archives" {} +

say "Running it there as an ordinary user"
inside useradd --create-home tester
inside su tester -c 'cd && demo_in_terminal.sh /usr/bin /home/tester/demo'
cp "$root/home/tester/demo/window.png" "$out/window.png"

say "Removing it"
inside dpkg --purge sightglass >/dev/null
left=$(find "$root/usr" "$root/etc" -name '*sightglass*' -not -path '*/local/*')
[ -z "$left" ] || { say "Left behind: $left"; exit 1; }
say "The package ($size bytes) installs, runs and goes; the window there: $out/window.png"
