#!/bin/sh
# scripts/check-layers finds each kind of violation in a small tree, and nothing in a clean one.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fresh_tree() {
  rm -rf "${folder:?}/tree"
  for part in platform/base platform/http platform/http/server platform/pg platform/queue \
    publishing/store publishing/plan mirror/store gists/store; do
    mkdir -p "$folder/tree/core/$part"
  done
  mkdir -p "$folder/tree/cli/commands/publishing" "$folder/tree/daemon/web"
  echo '#include "core/platform/base/error.hpp"' >"$folder/tree/core/publishing/store/post_store.cpp"
  echo '#include <libpq-fe.h>' >"$folder/tree/core/platform/pg/result.hpp"
}

expect() {  # name, file, line of code, part of the message; an empty message means it passes
  fresh_tree
  mkdir -p "$(dirname "$folder/tree/$2")"
  echo "$3" >>"$folder/tree/$2"
  status=0
  "$root/scripts/check-layers" "$folder/tree" >"$folder/output" 2>&1 || status=$?
  if [ -z "$4" ] && [ "$status" -eq 0 ]; then echo "ok: $1"
  elif [ -n "$4" ] && [ "$status" -ne 0 ] && grep -qF "$4" "$folder/output"; then echo "ok: $1"
  else
    echo "failed: $1 (status $status)"
    cat "$folder/output"
    failures=$((failures + 1))
  fi
}

expect "a lower folder" core/platform/http/a.cpp '#include "core/platform/base/log.hpp"' ''
expect "a system from the platform" core/platform/http/a.cpp \
  '#include "core/publishing/plan/plan.hpp"' '"platform/http" includes "publishing/plan", which is above it'
expect "a higher folder of the platform" core/platform/pg/a.cpp '#include "core/platform/queue/claim.hpp"' \
  '"platform/pg" includes "platform/queue", which is above it'
expect "a folder from the one it stands in" core/platform/http/a.cpp \
  '#include "core/platform/http/server/server.hpp"' 'which is above it'
expect "a higher folder of the same system" core/publishing/plan/a.cpp \
  '#include "core/publishing/store/post_store.hpp"' '"publishing/plan" includes "publishing/store", which is above it'
expect "a neighbour without a reason" core/platform/pg/a.cpp \
  '#include "core/platform/git/clone.hpp"' '"platform/pg" includes its neighbour "platform/git"'
expect "another system" core/publishing/plan/a.cpp '#include "core/mirror/tables.hpp"' \
  'system "publishing" includes system "mirror"'
expect "another system that it builds on" core/gists/a.cpp '#include "core/crm/client.hpp"' ''
expect "another system's store" core/mirror/a.cpp '#include "core/publishing/store/post_store.hpp"' \
  'belongs to "publishing" and its own commands'
expect "the daemon from the command line" cli/a.cpp '#include "daemon/worker/worker.hpp"' \
  '"cli" includes its neighbour "daemon"'
expect "the command line from the daemon" daemon/a.cpp '#include "cli/terminal/table.hpp"' \
  '"daemon" includes its neighbour "cli"'
expect "a store from another system's commands" cli/a.cpp \
  '#include "core/publishing/store/post_store.hpp"' 'belongs to "publishing" and its own commands'
expect "a store from its system's commands" cli/commands/publishing/a.cpp \
  '#include "core/publishing/store/post_store.hpp"' ''
expect "a store from its system's pages" daemon/web/publishing_blog.cpp \
  '#include "core/publishing/store/post_store.hpp"' ''
expect "a store from another system's pages" daemon/web/mirror_list.cpp \
  '#include "core/publishing/store/post_store.hpp"' 'belongs to "publishing" and its own commands'
expect "libpq away from home" core/publishing/store/a.cpp '#include <libpq-fe.h>' \
  'belongs to core/platform/pg alone'
expect "json at home" core/platform/json/a.cpp '#include <nlohmann/json.hpp>' ''
expect "json away from home" core/publishing/store/a.cpp '#include <nlohmann/json.hpp>' \
  'belongs to core/platform/json alone'
expect "json in a header" core/platform/json/a.hpp '#include <nlohmann/json.hpp>' 'in a header'
expect "spdlog beside its home" core/platform/base/random.cpp '#include <spdlog/spdlog.h>' \
  'belongs to core/platform/base/log.cpp alone'
expect "a test's header in the product" cli/a.cpp '#include "tests/support/postgres/psql.hpp"' \
  'the product includes'
expect "a folder without a level" core/newcomer/a.cpp '#include "core/platform/base/error.hpp"' 'has no level'
expect "a namespace that is not its folder's" core/platform/http/server/a.cpp \
  'namespace devy::http {' 'namespace devy::http in the folder of devy::server'
expect "a store's namespace of its own" core/publishing/store/a.cpp \
  'namespace devy::store {' 'in the folder of devy::publishing'

exit "$failures"
