#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian package of what is committed, into build/deb. Called by `./x deb`; VERSION and
# OUT may be given, for the test of upgrades.
set -eu
cd "$(dirname "$0")/.."

plain=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
version=${1:-$plain}
out=$PWD/build/deb
tree=$out/tizhi-$version
rm -rf "$tree"
mkdir -p "$tree"
git archive HEAD | tar -x -C "$tree"
cp -r packaging/debian "$tree/debian"
cp packaging/systemd/tizhi.service "$tree/debian/tizhi.service"
cp packaging/systemd/tizhi-backup.service "$tree/debian/tizhi.tizhi-backup.service"
cp packaging/systemd/tizhi-backup.timer "$tree/debian/tizhi.tizhi-backup.timer"
cp packaging/logrotate "$tree/debian/tizhi.logrotate"
# The web application, when ./x web has built it.
if [ -d build/web ]; then
    cp -r build/web "$tree/web-built"
    sed -i 's/^#web/web/' "$tree/packaging/tizhi.conf"
    printf 'web-built/* usr/share/tizhi/web\n' >>"$tree/debian/tizhi.install"
fi
cat >"$tree/debian/changelog" <<END
tizhi ($version) bookworm; urgency=medium

  * What is new stands in the history of the project.

 -- tizhi developers <developers@tizhi.invalid>  $(date -R -d "@$(git log -1 --format=%ct)")
END
cd "$tree"
dpkg-buildpackage --build=binary --no-sign >"$out/build-$version.log" 2>&1 || {
    tail -30 "$out/build-$version.log" >&2
    exit 1
}
rm -rf "$tree"
ls "$out/tizhi_${version}"_*.deb
