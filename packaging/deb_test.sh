#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The package in a Debian 12 of its own: install, serve, upgrade, remove, purge. Needs root and the
# network; called by `./x deb-test`. Prints TAP.
set -eu
cd "$(dirname "$0")/.."
. tests/lib/debian.sh

root=$(mktemp -d)
chmod 755 "$root" # others than root look in, too
port=18089
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    debian_drop "$root"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

n=0
ok() {
    n=$((n + 1))
    printf 'ok %d - %s\n' "$n" "$1"
}

fail() {
    n=$((n + 1))
    printf 'not ok %d - %s\n' "$n" "$1"
    [ ! -f "$root/tmp/log" ] || tail -20 "$root/tmp/log" | sed 's/^/# /'
    exit 1
}

inside() {
    chroot "$root" env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

as_tizhi() {
    inside runuser -u tizhi -- env HOME=/var/lib/tizhi TIZHI_KEY=/etc/tizhi/key "$@"
}

# ---- packages -------------------------------------------------------------------------------------

old=$(sh packaging/deb.sh)
new_version=$(printf '%s' "$old" | sed 's/.*tizhi_\(.*\)_.*/\1/').1
# The next version: the same program under a higher number, with a setting that nobody had.
rm -rf build/deb/next
dpkg-deb -R "$old" build/deb/next
sed -i "s/^Version: .*/Version: $new_version/" build/deb/next/DEBIAN/control
printf '\n# of the next version\nstop_seconds = 31\n' >>build/deb/next/etc/tizhi/tizhi.conf
(cd build/deb/next && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z |
    xargs -0 md5sum >DEBIAN/md5sums)
new=build/deb/tizhi_${new_version}_next.deb
dpkg-deb --root-owner-group -b build/deb/next "$new" >/dev/null
rm -rf build/deb/next

said=$(lintian --fail-on error,warning "$old" 2>&1) || {
    printf '%s\n' "$said" | sed 's/^/# /'
    fail "lintian"
}
ok "lintian has nothing against it"

# ---- the machine ----------------------------------------------------------------------------------

debian_make "$root"
cp "$old" "$root/tmp/old.deb"
cp "$new" "$root/tmp/new.deb"

# ---- install --------------------------------------------------------------------------------------

inside apt-get -q update >"$root/tmp/log" 2>&1 || fail "apt-get update"
inside apt-get -q install -y --no-install-recommends /tmp/old.deb >"$root/tmp/log" 2>&1 ||
    fail "install"
inside tizhi version | grep -q tizhi || fail "the program runs"
[ "$(inside stat -c %U:%a /var/lib/tizhi)" = tizhi:700 ] || fail "the book is of its user alone"
[ -f "$root/lib/systemd/system/tizhi.service" ] || [ -f "$root/usr/lib/systemd/system/tizhi.service" ] ||
    fail "the unit is there"
[ "$(inside stat -c %U:%a:%s /etc/tizhi/key)" = tizhi:600:64 ] || fail "the key is of its user alone"
[ -z "$(find "$root/etc/systemd" -name 'tizhi*')" ] || fail "nothing is enabled"
ok "install: program, unit, user; nothing is started"

# ---- serve ----------------------------------------------------------------------------------------

book=/var/lib/tizhi/region.book
as_tizhi tizhi book init --pack /usr/share/tizhi/plans/nmg-2024 --book $book >"$root/tmp/log" 2>&1 ||
    fail "book init"
as_tizhi tizhi user found sys sec aud --book $book >"$root/tmp/log" 2>&1 || fail "user found"

ready() { # WHAT
    as_tizhi tizhi serve --config /etc/tizhi/tizhi.conf --set "listen=127.0.0.1:$port" \
        --lang en >"$root/tmp/access" 2>"$root/tmp/log" &
    server=$!
    tries=0
    until python3 -c "import sys, urllib.request as u
said = u.urlopen('http://127.0.0.1:$port/api/v1/ready').read()
sys.exit(b'\"ready\":true' not in said)" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 120 ] || fail "$1"
        sleep 0.5
    done
}

stop() {
    kill "$(pgrep -f "^tizhi serve .*127.0.0.1:$port")"
    wait "$server" || true
    server=
}

ready "serve"
stop
ok "serve: founded and ready"

# ---- upgrade --------------------------------------------------------------------------------------

printf 'rate = 77\n' >>"$root/etc/tizhi/tizhi.conf"
inside apt-get -q install -y --no-install-recommends -o Dpkg::Options::=--force-confold \
    /tmp/new.deb >"$root/tmp/log" 2>&1 || fail "upgrade"
# shellcheck disable=SC2016  # a field of dpkg
[ "$(inside dpkg-query -W -f '${Version}' tizhi)" = "$new_version" ] || fail "the new version"
grep -q '^rate = 77' "$root/etc/tizhi/tizhi.conf" || fail "the settings of the operator stay"
ready "serve after the upgrade"
stop
ok "upgrade: settings and book stay, and it serves"

# ---- remove, purge --------------------------------------------------------------------------------

inside apt-get -q remove -y tizhi >"$root/tmp/log" 2>&1 || fail "remove"
[ ! -e "$root/usr/bin/tizhi" ] && [ -f "$root/etc/tizhi/tizhi.conf" ] &&
    [ -f "$root$book" ] || fail "remove takes the program and leaves settings and book"
ok "remove: the program is gone, settings and book stay"
inside apt-get -q purge -y tizhi >"$root/tmp/log" 2>&1 || fail "purge"
# Without its key nobody signs in to the book that stays.
[ "$(ls -A "$root/etc/tizhi")" = key ] && [ ! -e "$root/var/log/tizhi" ] && [ -f "$root$book" ] ||
    fail "purge takes settings and logs and leaves the book and its key"
left=$(find "$root/usr" "$root/etc" "$root/lib/systemd" -name '*tizhi*' ! -path '*/passwd*' \
    ! -path "$root/etc/tizhi" 2>/dev/null)
[ -z "$left" ] || fail "purge leaves $left"
ok "purge: nothing is left but the book and its key"
printf '1..%d\n' "$n"
