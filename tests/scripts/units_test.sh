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

# tests/SECURITY-CHECKLIST.md, "The service": line by line what was agreed on; what differs is said there.
has_lines() {  # unit, lines on stdin
  status=0
  while read -r line; do
    grep -qxF "$line" "$root/daemon/systemd/$1" || { echo "$1 has no line $line"; status=1; }
  done
  return $status
}
expect 'the service is kept, watched and stopped as agreed on' has_lines devy-uploadd.service <<'LINES'
Type=notify
NotifyAccess=main
WatchdogSec=30s
Restart=on-failure
RestartSec=2s
RestartPreventExitStatus=78
StartLimitIntervalSec=300
StartLimitBurst=5
OnFailure=devy-notify@%n.service
TimeoutStopSec=90s
KillMode=mixed
OOMPolicy=continue
ExecReload=kill -HUP $MAINPID
LINES
for unit in devy-uploadd.service devy-upload-poll.service; do
  expect "$unit is confined as agreed on" has_lines $unit <<'LINES'
User=devy-upload
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
PrivateIPC=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources @mount @reboot @swap @debug @cpu-emulation @obsolete
SystemCallErrorNumber=EPERM
DevicePolicy=closed
KeyringMode=private
IPAddressDeny=169.254.0.0/16 fe80::/10 multicast
LimitNOFILE=4096
LimitCORE=0
LINES
done
expect 'the timer looks every half minute' has_lines devy-upload-poll.timer <<'LINES'
OnUnitInactiveSec=30s
RandomizedDelaySec=5s
Persistent=true
LINES

if command -v systemd-analyze >/dev/null; then
  for unit in devy-uploadd.service devy-uploadd.socket devy-uploadd-web.socket devy-upload-poll.service devy-upload-poll.timer \
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
expect 'alert rules know the metrics' python3 - "$root" <<'PYTHON'
import re, sys
import glob
sources = [path for part in ("daemon", "core") for path in glob.glob(f"{sys.argv[1]}/{part}/**/*.cpp", recursive=True)]
names = {name for path in sources for name in re.findall(r'"(devy_[a-z0-9_]+)"', open(path).read())}
for name in re.findall(r"devy_[a-z0-9_]+", open(sys.argv[1] + "/daemon/alerts.yml").read()):
    assert name in names or re.sub("_(bucket|sum|count)$", "", name) in names, name
PYTHON

if command -v promtool >/dev/null; then
  expect 'promtool takes the alert rules' promtool check rules "$root/daemon/alerts.yml"
else echo 'skipped: promtool is not installed'
fi
exit "$failures"
