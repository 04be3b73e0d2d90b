#!/bin/sh
# The alert rules: Prometheus' own tool reads them, and each fires for what it is for, and only then.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
rules=$root/daemon/alerts.yml

promtool check rules "$rules"
sed "s|^rule_files: .*|rule_files: [$rules]|" "$root/tests/scripts/alerts.yml" >"$folder/alerts.yml"
promtool test rules "$folder/alerts.yml"
for alert in $(sed -n 's/^ *- alert: //p' "$rules"); do
  [ "$(grep -c "alertname: $alert\$" "$folder/alerts.yml")" -eq 2 ] ||
    { echo "failed: $alert is not tried with and without its cause"; exit 1; }
done
