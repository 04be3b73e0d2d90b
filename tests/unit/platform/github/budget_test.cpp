#include "core/platform/github/budget.hpp"

#include <gtest/gtest.h>

namespace devy::github {
namespace budget_test {

http::Response response(http::Headers headers) {
  return {200, std::move(headers), {}};
}

TEST(Budget, ReadsWhatAnAnswerSays) {
  const auto budget = budget_of(response({{"X-RateLimit-Limit", "5000"},
                                          {"X-RateLimit-Remaining", "4990"},
                                          {"X-RateLimit-Reset", "1700000000"},
                                          {"X-RateLimit-Resource", "core"}}));
  ASSERT_TRUE(budget);
  EXPECT_EQ(budget->resource, "core");
  EXPECT_EQ(budget->quota, 5000);
  EXPECT_EQ(budget->remaining, 4990);
  EXPECT_EQ(budget->reset_at, base::TimePoint(std::chrono::seconds(1'700'000'000)));
}

TEST(Budget, IsNoneWhereTheAnswerTellsLessOrNonsense) {
  EXPECT_FALSE(budget_of(response({})));
  EXPECT_FALSE(budget_of(response({{"x-ratelimit-limit", "5000"}})));
  for (const auto* reset : {"", "-1", "soon", "1e9", "999999999999999999"})
    EXPECT_FALSE(budget_of(response({{"x-ratelimit-limit", "5000"},
                                     {"x-ratelimit-remaining", "1"},
                                     {"x-ratelimit-reset", reset}})))
        << reset;
  EXPECT_FALSE(budget_of(response({{"x-ratelimit-limit", "5000"},
                                   {"x-ratelimit-remaining", "1"},
                                   {"x-ratelimit-reset", "1700000000"},
                                   {"x-ratelimit-resource", "a b"}})));
}

}  // namespace budget_test
}  // namespace devy::github
