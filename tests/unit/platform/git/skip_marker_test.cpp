#include "core/platform/git/skip_marker.hpp"

#include <gtest/gtest.h>

namespace devy::git {
namespace skip_marker_test {

TEST(SkipMarker, IsFoundWhereGitHubFindsIt) {
  for (const auto* message :
       {"[skip ci] x", "x\n[ci skip]", "[no ci]", "a [skip devy] b", "x [skip actions]",
        "x\n\nLonger text, [actions skip].", "x\n\nskip-checks: true", "x\n\n\nskip-checks:true",
        "x\n\nskip-checks:true\nother: 1", "x\n\nskip-checks: true\r\n"})
    EXPECT_TRUE(has_skip_marker(message)) << message;
}

TEST(SkipMarker, IsNotFoundInWordsThatLookLikeIt) {
  for (const auto* message : {"", "skip ci", "[skip]", "[actions]", "do not skip-checks: true",
                              "x\n\nskip-checks: false", "skip-checks: truest"})
    EXPECT_FALSE(has_skip_marker(message)) << message;
}

}  // namespace skip_marker_test
}  // namespace devy::git
