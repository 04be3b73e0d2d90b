#!/bin/sh
# What systemd and nginx say of their files, without either of them running.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

expect() {  # name, command...
  name=$1
  shift
  if output=$("$@" 2>&1); then echo "ok: $name"
  else
    echo "failed: $name: $output"
    failures=$((failures + 1))
  fi
}

# The programs and manuals need not be installed here.
verify() {
  sed 's|^ExecStart=/usr/bin/devy-[a-z]*|ExecStart=/bin/true|; /^Documentation=/d' "$root/daemon/systemd/$1" >"$folder/$1"
}
complaints() {
  found=$(systemd-analyze verify "$folder"/*.service "$folder"/*.socket "$folder"/*.timer 2>&1) || true
  [ -z "$found" ] || { echo "$found"; return 1; }
}
exposure() { systemd-analyze security --offline=yes --threshold=20 "$folder/$1" | tail -n 1; }

if command -v systemd-analyze >/dev/null; then
  for unit in devy-uploadd.service devy-uploadd.socket devy-upload-poll.service devy-upload-poll.timer \
    devy-notify@.service; do verify "$unit"; done
  expect 'units are well-formed' complaints
  for unit in devy-uploadd.service devy-upload-poll.service devy-notify@.service; do
    expect "$unit is exposed by 2.0 at most" systemd-analyze security --offline=yes --threshold=20 "$folder/$unit"
  done
else echo 'skipped: systemd-analyze is not installed'
fi

nginx=$(PATH=$PATH:/usr/sbin:/sbin command -v nginx || true)
if [ -n "$nginx" ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=upload.devy.example \
    -keyout "$folder/key" -out "$folder/certificate" 2>/dev/null
  sed "s|/etc/ssl/certs/devy-upload.pem|$folder/certificate|; s|/etc/ssl/private/devy-upload.key|$folder/key|" \
    "$root/daemon/nginx/devy-upload.conf" >"$folder/site"
  cat >"$folder/nginx.conf" <<TEXT
pid $folder/pid;
error_log stderr;
events {}
http { access_log off; include $folder/site; }
TEXT
  expect 'nginx takes the site' "$nginx" -t -q -p "$folder" -c "$folder/nginx.conf"
else echo 'skipped: nginx is not installed'
fi

expect 'alert rules are YAML, each with what to do' python3 - "$root/daemon/alerts.yml" <<'PYTHON'
import sys
text = open(sys.argv[1]).read()
rules = text.split("- alert: ")[1:]
assert len(rules) >= 10
for rule in rules:
    for part in ("expr:", "severity:", "summary:", "hint:"):
        assert part in rule, (part, rule)
PYTHON

# Whatever a rule asks for is a metric of ours, or a part of one.
expect 'alert rules know the metrics' python3 - "$root/daemon" <<'PYTHON'
import re, sys
names = set(re.findall(r'"(devy_[a-z_]+)"', open(sys.argv[1] + "/health.cpp").read()))
for name in re.findall(r"devy_[a-z_]+", open(sys.argv[1] + "/alerts.yml").read()):
    assert name in names or re.sub("_(bucket|sum|count)$", "", name) in names, name
PYTHON

if command -v promtool >/dev/null; then
  expect 'promtool takes the alert rules' promtool check rules "$root/daemon/alerts.yml"
else echo 'skipped: promtool is not installed'
fi
exit "$failures"
