#!/bin/sh
# `explain` knows every error code that the sources have, and the settings that it names exist.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
table=$root/cli/commands/platform/error_codes.txt
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {
  echo "failed: $1"
  failures=$((failures + 1))
}

python3 "$root/tests/scripts/error_codes.py" "$root" | sort >"$folder/found"
[ "$(wc -l <"$folder/found")" -gt 200 ] || fail 'the sources have hardly any code'
cut -d'|' -f1 "$table" | sort >"$folder/known"
while read -r code place; do
  grep -qx "$code" "$folder/known" || fail "$code is not explained: $place"
done <"$folder/found"
[ -z "$(uniq -d "$folder/known")" ] || fail "explained twice: $(uniq -d "$folder/known")"
if grep -nvE '^[a-z0-9_]+\|[A-Z`].*\.\|[A-Z`].*\.$' "$table"; then fail 'a line is not code|cause|next step'; fi

grep -oE '"[a-z0-9]+\.[a-z0-9_.]+"' "$root/core/platform/config/setting_table.cpp" | tr -d '"' >"$folder/settings"
sections=$(cut -d. -f1 "$folder/settings" | sort -u | tr '\n' '|')
for setting in $(grep -oE "\b(${sections%|})\.[a-z0-9_.]*[a-z0-9]" "$table" | grep -v '\.toml$' | sort -u); do
  grep -qx "$setting" "$folder/settings" || fail "no such setting: $setting"
done
exit "$failures"
