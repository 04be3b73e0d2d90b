#!/bin/bash
# Three seeds of chaos, shortly, keep every promise; where the fence is taken away one is broken, and
# named. scripts/chaos goes on for as long as one likes. $DEVY_PROGRAM: the built program.
set -u
chaos=$(dirname "$DEVY_PROGRAM")/tests/chaos
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

chaos() {  # name, seed, mutation
  DEVY_CHAOS_SEED=$2 DEVY_CHAOS_SECONDS=12 DEVY_CHAOS_MUTATION=$3 \
    "$chaos" --gtest_filter='Chaos.*' --gtest_brief=1 >"$folder/$1" 2>&1
}

# Side by side, for each has a PostgreSQL, folders and daemons of its own, which wait most of the time.
declare -A processes
for seed in 1 2 3; do
  chaos $seed $seed '' &
  processes[$seed]=$!
done
chaos without_fence 1 fence &
processes[without_fence]=$!

for seed in 1 2 3; do
  if wait "${processes[$seed]}"; then echo "ok: seed $seed"
  else
    cat "$folder/$seed"
    echo "failed: again: scripts/chaos --seed $seed --minutes 0.2"
    failures=$((failures + 1))
  fi
done

wait "${processes[without_fence]}"
if grep -qE '^VIOLATED +I[345] ' "$folder/without_fence"; then echo "ok: it is seen that there is no fence"
else
  cat "$folder/without_fence"
  echo "failed: nobody noticed that there was no fence"
  failures=$((failures + 1))
fi
exit $failures
