# SPDX-License-Identifier: Apache-2.0
# A Debian 12 in a folder, for scripts that try something on a machine where nothing is installed.
# Needs root and the network; whoever sources it has a function `fail MESSAGE`.

# debian_make ROOT: by the mirror that this machine uses, and with its settings for reaching it.
debian_make() {
    # shellcheck disable=SC2016  # fields of apt, not of the shell
    mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' |
        awk '$1 == "bookworm" { print $2; exit }')
    debootstrap --variant=minbase bookworm "$1" "${mirror:-http://deb.debian.org/debian}" \
        >"$1.log" 2>&1 || {
        tail -5 "$1.log" >&2
        rm -f "$1.log"
        fail "debootstrap"
    }
    rm -f "$1.log"
    for path in sources.list sources.list.d apt.conf.d trusted.gpg.d; do
        if [ -e "/etc/apt/$path" ]; then
            rm -rf "$1/etc/apt/$path"
            cp -rL "/etc/apt/$path" "$1/etc/apt/$path"
        fi
    done
    rm -f "$1"/etc/apt/sources.list.d/*.disabled*
    cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
    mount -t proc proc "$1/proc" 2>/dev/null || printf '== no /proc inside\n' >&2
}

debian_drop() {
    if [ -d "$1/proc/1" ]; then
        umount "$1/proc"
    fi
    rm -rf "$1"
}
