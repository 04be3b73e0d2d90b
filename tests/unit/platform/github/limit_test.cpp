#include "core/platform/github/limit.hpp"

#include <gtest/gtest.h>

namespace devy::github {
namespace limit_test {

using std::chrono::seconds;

const base::TimePoint now{seconds(1'700'000'000)};

http::Response response(int status, http::Headers headers = {}, std::string body = {}) {
  return {status, std::move(headers), std::move(body)};
}

// Seconds to wait; -1: it is no limit.
long pause(const http::Response& response, int refusals = 0) {
  const auto limit = limit_of(response, now, refusals);
  return limit ? std::chrono::duration_cast<seconds>(limit->not_before - now).count() : -1;
}

TEST(Limit, WaitsForTheResetOfThePrimaryOne) {
  for (const int status : {403, 429}) {
    const auto refused =
        response(status, {{"X-RateLimit-Remaining", "0"}, {"x-ratelimit-reset", "1700001234"}});
    EXPECT_EQ(pause(refused), 1234);
    EXPECT_TRUE(limit_of(refused, now, 0)->is_primary);
  }
}

TEST(Limit, WaitsAsLongAsASecondaryOneSays) {
  const auto refused = response(403, {{"Retry-After", "17"},
                                      {"x-ratelimit-remaining", "4999"},
                                      {"x-ratelimit-reset", "1700003000"}});
  EXPECT_EQ(pause(refused), 17);
  EXPECT_FALSE(limit_of(refused, now, 0)->is_primary);
}

TEST(Limit, WaitsForTheLaterOfTwo) {
  EXPECT_EQ(pause(response(429, {{"retry-after", "100"},
                                 {"x-ratelimit-remaining", "0"},
                                 {"x-ratelimit-reset", "1700000050"}})),
            100);
}

TEST(Limit, DoublesAMinuteWhereNothingIsSaid) {
  const auto refused = response(429);
  EXPECT_EQ(pause(refused, 0), 60);
  EXPECT_EQ(pause(refused, 1), 120);
  EXPECT_EQ(pause(refused, 2), 240);
  EXPECT_EQ(pause(refused, 1'000), pause_max.count());
  EXPECT_EQ(pause(response(403, {}, R"({"message":"You have exceeded a secondary rate limit"})")),
            60);
}

TEST(Limit, IsNotAMissingPermission) {
  EXPECT_EQ(pause(response(403, {{"x-ratelimit-remaining", "4999"}},
                           R"({"message":"Resource not accessible by integration"})")),
            -1);
  EXPECT_EQ(pause(response(404, {{"retry-after", "5"}})), -1);
  EXPECT_EQ(pause(response(503, {{"retry-after", "5"}})), -1);
}

TEST(Limit, IgnoresImplausibleTimes) {
  const auto reset = [](const char* at) {
    return pause(response(403, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", at}}));
  };
  EXPECT_EQ(reset("1699999999"), 1);
  EXPECT_EQ(reset("9999999999"), pause_max.count());
  EXPECT_EQ(reset("99999999999999999"), pause_max.count());
  EXPECT_EQ(reset("soon"), pause_max.count());
  EXPECT_EQ(pause(response(429, {{"retry-after", "999999999999999999"}})), pause_max.count());
  EXPECT_EQ(pause(response(429, {{"retry-after", "0"}})), 1);
  EXPECT_EQ(pause(response(429, {{"retry-after", "-5"}})), 60);
}

}  // namespace limit_test
}  // namespace devy::github
