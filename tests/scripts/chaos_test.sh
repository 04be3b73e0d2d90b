#!/bin/bash
# Three seeds of chaos, shortly, keep every promise; where the fence is taken away one is broken, and
# named. scripts/chaos goes on for as long as one likes. $DEVY_PROGRAM: the built program.
set -u
chaos=$(dirname "$DEVY_PROGRAM")/tests/chaos
failures=0

chaos() {  # seed, mutation
  DEVY_CHAOS_SEED=$1 DEVY_CHAOS_SECONDS=12 DEVY_CHAOS_MUTATION=$2 \
    "$chaos" --gtest_filter='Chaos.*' --gtest_brief=1 2>&1
}

for seed in 1 2 3; do
  if output=$(chaos $seed ''); then echo "ok: seed $seed"
  else
    printf '%s\n' "$output"
    echo "failed: again: scripts/chaos --seed $seed --minutes 0.2"
    failures=$((failures + 1))
  fi
done

output=$(chaos 1 fence)
if grep -qE '^VIOLATED +I[345] ' <<<"$output"; then echo "ok: it is seen that there is no fence"
else
  printf '%s\n' "$output"
  echo "failed: nobody noticed that there was no fence"
  failures=$((failures + 1))
fi
exit $failures
