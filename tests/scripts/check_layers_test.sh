#!/bin/sh
# scripts/check-layers finds each kind of violation in a small tree, and nothing in a clean one.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fresh_tree() {
  rm -rf "${folder:?}/tree"
  mkdir -p "$folder/tree/core/base" "$folder/tree/core/http" "$folder/tree/core/pg" \
    "$folder/tree/core/store" "$folder/tree/cli" "$folder/tree/daemon"
  echo '#include "core/base/error.hpp"' >"$folder/tree/core/store/post_store.cpp"
  echo '#include <libpq-fe.h>' >"$folder/tree/core/pg/result.hpp"
}

expect() {  # name, file, line of code, part of the message; an empty message means it passes
  fresh_tree
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

expect "a lower folder" core/http/a.cpp '#include "core/base/log.hpp"' ''
expect "a higher folder" core/http/a.cpp '#include "core/store/post_store.hpp"' \
  '"http" includes "store", which is above it'
expect "a neighbour without a reason" core/http/a.cpp '#include "core/pg/result.hpp"' \
  '"http" includes its neighbour "pg"'
expect "a neighbour with a reason" core/pg/a.cpp '#include "core/config/config.hpp"' ''
expect "the daemon from the command line" cli/a.cpp '#include "daemon/worker.hpp"' \
  '"cli" includes its neighbour "daemon"'
expect "the command line from the daemon" daemon/a.cpp '#include "cli/table.hpp"' \
  '"daemon" includes its neighbour "cli"'
expect "libpq away from home" core/store/a.cpp '#include <libpq-fe.h>' 'belongs to core/pg alone'
expect "json in a source" core/store/a.cpp '#include <nlohmann/json.hpp>' ''
expect "json in a header" core/store/a.hpp '#include <nlohmann/json.hpp>' 'in a header'
expect "spdlog beside its home" core/base/random.cpp '#include <spdlog/spdlog.h>' \
  'belongs to core/base/log.cpp alone'
expect "a test's header in the product" cli/a.cpp '#include "tests/support/psql.hpp"' \
  'the product includes'
expect "a folder without a level" core/newcomer.cpp '#include "core/base/error.hpp"' 'has no level'

exit "$failures"
