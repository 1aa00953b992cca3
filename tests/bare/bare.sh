#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The two commands of the README on a Debian 12 on which nothing is installed: once as a user who
# may not install anything, then as root. Needs root and the network; called by `./x bare`.
set -eu
cd "$(dirname "$0")/../.."
. tests/lib/debian.sh

root=$(mktemp -d)
chmod 755 "$root" # others than root look in, too
home=$root/srv/tizhi
cleanup() {
    debian_drop "$root"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

say() {
    printf '== %s\n' "$1" >&2
}

fail() {
    printf 'not ok - %s\n' "$1"
    exit 1
}

inside() { # USER COMMAND...
    user=$1
    shift
    chroot --userspec="$user" "$root" env -i HOME=/tmp LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        sh -c "cd /srv/tizhi && $*"
}

say "debootstrap bookworm"
debian_make "$root"
git clone --quiet . "$home"
chmod -R a+rX "$home"

say "./x run as a user without sudo"
status=0
inside 65534:65534 ./x run >"$root/tmp/log" 2>&1 || status=$?
cat "$root/tmp/log" >&2
[ "$status" -eq 4 ] || fail "without rights ./x run ended with $status, not 4"
[ "$(grep -c '^error: ' "$root/tmp/log")" -eq 1 ] || fail "not one error but several, or none"
grep -q '^error: .*root' "$root/tmp/log" || fail "the error does not say that root is needed"
echo "ok - without rights: one error, exit 4"

say "./x judge as root"
inside 0:0 ./x judge --lang en >"$root/tmp/log" 2>&1 || {
    tail -20 "$root/tmp/log" >&2
    fail "./x judge"
}
grep -q ' verdicts: ' "$root/tmp/log" || fail "./x judge judged nothing"
echo "ok - ./x judge"

say "./x run as root"
inside 0:0 timeout 300 ./x run --lang en >"$root/tmp/log" 2>&1 &
asked='import urllib.request; urllib.request.urlopen("http://localhost:8080/api/v1/demo").read()'
tries=0
until python3 -c "$asked" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 250 ] || fail "./x run serves nothing: $(tail -3 "$root/tmp/log")"
    sleep 1
done
kill %1 2>/dev/null || true
wait
echo "ok - ./x run"

say "./x test as root"
inside 0:0 ./x test >"$root/tmp/log" 2>&1 || {
    grep -E 'FAIL|^not ok|^#' "$root/tmp/log" | tail -40 >&2
    fail "./x test: $(tail -1 "$root/tmp/log")"
}
echo "ok - ./x test: $(tail -1 "$root/tmp/log")"
