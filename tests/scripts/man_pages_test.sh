#!/bin/sh
# The man pages are clean mdoc. What they say is held to the code by unit_cli and unit_config.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
if ! command -v mandoc >/dev/null; then
  echo "skipped: mandoc is not installed"
  exit 0
fi
# References to pages that are not installed here are no fault of ours.
found=$(mandoc -T lint -W style "$root"/man/*.[1-8] 2>&1 |
  grep -v -e 'referenced manual not found' -e 'outdated mandoc.db' || true)
[ -z "$found" ] && exit 0
printf '%s\n' "$found"
exit 1
