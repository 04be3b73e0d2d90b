#include "core/publishing/plan/visibility.hpp"

#include <gtest/gtest.h>

namespace devy::plan {
namespace visibility_test {

using std::chrono::hours;
using std::chrono::microseconds;

const base::TimePoint now = base::TimePoint{} + hours(500'000);
constexpr microseconds tick{1};

TEST(Visibility, IsDecidedByTimeAlone) {
  EXPECT_EQ(visibility({false, now, {}}, now), Visibility::visible);
  EXPECT_EQ(visibility({false, now + tick, {}}, now), Visibility::scheduled);
  EXPECT_EQ(visibility({false, now, now + tick}, now), Visibility::visible);
  EXPECT_EQ(visibility({false, now - tick, now}, now), Visibility::expired);
  EXPECT_EQ(visibility({false, now + hours(2), now - hours(1)}, now), Visibility::expired);
  EXPECT_EQ(visibility({true, now + tick, now}, now), Visibility::draft);
}

TEST(Visibility, HasAWordForEachState) {
  EXPECT_EQ(to_string(Visibility::visible), "visible");
  EXPECT_EQ(to_string(Visibility::draft), "draft");
  EXPECT_EQ(to_string(Visibility::scheduled), "scheduled");
  EXPECT_EQ(to_string(Visibility::expired), "expired");
}

}  // namespace visibility_test
}  // namespace devy::plan
