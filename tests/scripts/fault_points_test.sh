#!/bin/sh
# Nobody can make a released program die: without the switch nothing of the fault points is left.
set -eu
daemon=$(dirname "$DEVY_PROGRAM")/devy-uploadd

# Of this build, which has them unless it is a release itself: else the search would prove nothing.
if grep -q 'CMAKE_BUILD_TYPE:STRING=Debug' "$(dirname "$DEVY_PROGRAM")/CMakeCache.txt"; then
  grep -q DEVY_FAULT "$daemon" || { echo 'failed: this build has no fault points'; exit 1; }
fi
if grep -q -e DEVY_FAULT "$DEVY_RELEASED"; then
  echo 'failed: a release would hold fault points'
  exit 1
fi
