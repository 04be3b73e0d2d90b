#!/bin/sh
# The backports source that scripts/install-deps derives from the machine's own, in both formats.
# Needs no network and changes nothing.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

expect() {  # name, file, expected stanza without its comment
  printf '%s\n' "$3" >"$folder/expected"
  "$root/scripts/install-deps" --print-backports-source "$2" bookworm 2>&1 |
    sed '/^#/d' >"$folder/actual" || true
  if diff -u "$folder/expected" "$folder/actual"; then echo "ok: $1"
  else echo "failed: $1"; failures=$((failures + 1))
  fi
}

cat >"$folder/deb822.sources" <<'TEXT'
# The security suites come first on some machines.
Types: deb
URIs: http://mirror.invalid/debian-security
Suites: bookworm-security
Components: main

Types: deb-src
URIs: http://sources.invalid/debian
Suites: bookworm
Components: main

Enabled: no
Types: deb
URIs: http://disabled.invalid/debian
Suites: bookworm
Components: main

Types: deb deb-src
# a comment inside a stanza
URIs: http://mirror.invalid/debian
suites: bookworm bookworm-updates
Components: main contrib
Check-Valid-Until: no
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc
TEXT
expect "deb822: options and an inline key are kept, other suites are not" "$folder/deb822.sources" \
"Types: deb
URIs: http://mirror.invalid/debian
Suites: bookworm-backports
Components: main
Check-Valid-Until: no
Signed-By: 
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc"

cat >"$folder/line.list" <<'TEXT'
# deb http://commented.invalid/debian bookworm main
deb-src http://sources.invalid/debian bookworm main
deb http://mirror.invalid/security bookworm-security main
deb [ arch=amd64,arm64 signed-by=/k.gpg check-valid-until=no ] http://mirror.invalid/debian bookworm main contrib # it
deb http://second.invalid/debian bookworm main
TEXT
expect "one line: options become fields, the first match wins" "$folder/line.list" \
"Types: deb
URIs: http://mirror.invalid/debian
Suites: bookworm-backports
Components: main
Architectures: amd64 arm64
Signed-By: /k.gpg
Check-Valid-Until: no"

echo 'deb mirror+file:/etc/apt/mirrors/debian.list stable main' >"$folder/stable.list"
expect "the release may be named by its place" "$folder/stable.list" \
"Types: deb
URIs: mirror+file:/etc/apt/mirrors/debian.list
Suites: bookworm-backports
Components: main"

echo 'deb http://elsewhere.invalid/node nodistro main' >"$folder/other.list"
if "$root/scripts/install-deps" --print-backports-source "$folder/other.list" bookworm; then
  echo "failed: a foreign source is not the release's"
  failures=$((failures + 1))
else
  echo "ok: a foreign source is not the release's"
fi

exit "$failures"
