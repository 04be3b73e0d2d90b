#!/bin/sh
# What `cmake --install` and the .deb hold, and that the package leaves nothing when it is purged.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
build=$(dirname "$DEVY_PROGRAM")
failures=0

fail() { echo "failed: $*"; failures=$((failures + 1)); }

expected='/bin/devy-upload
/bin/devy-uploadd
/lib/systemd/system/devy-notify@.service
/lib/systemd/system/devy-upload-poll.service
/lib/systemd/system/devy-upload-poll.timer
/lib/systemd/system/devy-uploadd-web.socket
/lib/systemd/system/devy-uploadd.service
/lib/systemd/system/devy-uploadd.socket
/lib/sysusers.d/devy-upload.conf
/share/bash-completion/completions/devy-upload
/share/devy-upload/alerts.yml
/share/devy-upload/devy-upload-smoke
/share/devy-upload/devy-upload.toml.example
/share/devy-upload/nginx/devy-upload.conf
/share/doc/devy-upload/CHANGELOG.md
/share/doc/devy-upload/LICENSE
/share/doc/devy-upload/README.md
/share/fish/vendor_completions.d/devy-upload.fish
/share/man/man1/devy-upload.1
/share/man/man5/devy-upload.toml.5
/share/man/man5/devy.toml.5
/share/man/man8/devy-uploadd.8
/share/zsh/vendor-completions/_devy-upload'

DESTDIR=$folder/tree cmake --install "$build" --prefix /usr >/dev/null
found=$(cd "$folder/tree/usr" && find . -type f | sed 's|^\.||' | sort)
[ "$found" = "$expected" ] || fail "cmake --install holds something else:
$found"
"$folder/tree/usr/bin/devy-uploadd" --version >/dev/null || fail 'the installed daemon does not run'
bash -n "$folder/tree/usr/share/bash-completion/completions/devy-upload" || fail 'completion is no bash'

if ! command -v dpkg-deb >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo 'skipped: installing a package needs dpkg and root'
  exit "$failures"
fi
(cd "$build" && cpack -G DEB -B "$folder/cpack" >/dev/null 2>&1) || fail 'cpack makes no package'
package=$(find "$folder/cpack" -maxdepth 1 -name '*.deb' | head -n 1)
[ -n "$package" ] || { fail 'there is no package'; exit "$failures"; }
held=$(dpkg-deb --fsys-tarfile "$package" | tar -t | grep -v '/$' | sed 's|^\./usr||' | sort)
[ "$held" = "$expected" ] || fail "the package holds something else:
$held"

# An upgrade restarts nothing: before `db migrate` a new program might refuse the database.
for script in postinst prerm; do
  if dpkg-deb --ctrl-tarfile "$package" | tar -xO "./$script" | sed 's/#.*//' |
    grep -E 'systemctl.* (try-|re)?(re)?(start|load-or-restart)|(^|[;&| ])(invoke-rc.d|service) '; then
    fail "$script starts a service"
  fi
done

# A root of its own: dpkg with nothing in it but what maintainer scripts call for.
mkdir -p "$folder/machine/var/lib/dpkg/info" "$folder/machine/var/lib/dpkg/updates" "$folder/machine/etc"
: >"$folder/machine/var/lib/dpkg/status"
run_dpkg() {
  dpkg --root="$folder/machine" --force-depends --force-script-chrootless --force-not-root "$@" >"$folder/log" 2>&1 ||
    { fail "dpkg $1"; cat "$folder/log"; }
}
run_dpkg --install "$package"
[ -x "$folder/machine/usr/bin/devy-uploadd" ] || fail 'installed, but no daemon'
[ "$(stat -c %a "$folder/machine/etc/devy/devy-upload.toml")" = 640 ] || fail 'installed, but no configuration'
run_dpkg --remove devy-upload
[ -f "$folder/machine/etc/devy/devy-upload.toml" ] || fail 'removing took the configuration'
state=$folder/machine/var/lib/devy-upload
mkdir -p "$state/postgresql/data" "$state/clones"
echo 15 >"$state/postgresql/data/PG_VERSION"
run_dpkg --purge devy-upload
[ -f "$state/postgresql/data/PG_VERSION" ] || fail 'a purge took the database'
[ ! -e "$state/clones" ] || fail 'a purge left what was no database'
rm -r "$state"
left=$(cd "$folder/machine" && find . -type f ! -path './var/lib/dpkg/*')
[ -z "$left" ] || fail "left behind after a purge: $left"
[ "$failures" -eq 0 ] && echo 'ok: installs, packages and purges'
exit "$failures"
