#!/bin/sh
# The matrix names every fault from F1 to F40, and tests that there are.
set -eu
cd "$(dirname "$0")/../.."
build=$(dirname "$DEVY_PROGRAM")
failures=0

n=1
while [ $n -le 40 ]; do
  grep -q "^F$n " tests/faults/MATRIX || { echo "failed: nothing about F$n"; failures=$((failures + 1)); }
  n=$((n + 1))
done

grep '^F' tests/faults/MATRIX | {
  while read -r fault program filter; do
    [ "$program" != - ] || continue
    found=$("$build/tests/$program" --gtest_list_tests --gtest_filter="$filter" | grep -c '^  ' || true)
    [ "$found" -gt 0 ] || { echo "failed: $fault: $program has no test $filter"; failures=$((failures + 1)); }
  done
  exit "$failures"
} || failures=$((failures + 1))
exit $failures
