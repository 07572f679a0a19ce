# SPDX-FileCopyrightText: 2026 The Sightglass authors
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by run.sh, test.sh and .ci/run: installs the Debian packages that are
# not there yet, and says which. What is there already costs no network.

build_packages=(
    g++ cmake ninja-build
    qt6-base-dev qt6-svg-dev libyaml-dev libedit-dev libvalijson-dev qtkeychain-qt6-dev libssl-dev libzstd-dev
)
# Faster builds; not needed.
builder_packages=(ccache mold)
# A font for the pictures that are taken without a display.
picture_packages=(fonts-dejavu-core)
# nginx: TLS and HTTP/2 in front of a server. dbus-daemon: a desktop to ask for dark. dpkg-dev, lintian and the two validators: the package.
# json-schema-test-suite: what a validator of JSON Schema has to know. gnome-keyring, libsecret-tools: a keychain.
test_packages=(
    nginx-light dbus-daemon openssl curl ca-certificates xvfb xauth procps
    appstream desktop-file-utils lintian dpkg-dev file man-db
    json-schema-test-suite gnome-keyring libsecret-tools zstd
)

say() { printf '== %s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "This needs root: install sudo, or run as root: $*"
        return 1
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" </dev/null >&2
}

apt_install() {
    local try
    for try in 1 2 3; do
        apt_get update || say "apt-get update failed; going on with the lists that are there"
        if apt_get -y --no-install-recommends install "$@"; then
            return 0
        fi
        if [ "$try" -lt 3 ]; then
            say "Trying once more in $((try * 5)) seconds"
            sleep $((try * 5))
        fi
    done
    say "These packages could not be installed: $*"
    return 1
}

# install_missing PACKAGE...
install_missing() {
    local package missing=()
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "This is no Debian; please see to it that these are there (Debian's names): $*"
        return 0
    fi
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] \
            || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    say "Installing: ${missing[*]}"
    apt_install "${missing[@]}"
}
