#include "core/platform/base/closest_name.hpp"

#include <gtest/gtest.h>

#include <array>

namespace devy::base {
namespace closest_name_test {

constexpr std::array<std::string_view, 3> words{"log", "queue", "fetch_wall_clock"};

TEST(ClosestName, AllowsMoreEditsInLongerNames) {
  EXPECT_EQ(closest_name("lgo", words), "log");
  EXPECT_EQ(closest_name("quue", words), "queue");
  EXPECT_EQ(closest_name("fetch-wal-clock", words), "fetch_wall_clock");
  EXPECT_FALSE(closest_name("lx", words));
  EXPECT_FALSE(closest_name("", words));
  EXPECT_FALSE(closest_name(std::string(100'000, 'a'), words));
}

TEST(ClosestName, LeavesTheCaseOfLettersAside) {
  EXPECT_EQ(closest_name("LOG", words), "log");
  EXPECT_EQ(closest_name("Queeu", words), "queue");
}

TEST(ClosestName, FindsANameByItsBeginning) {
  EXPECT_EQ(closest_name("fetch", words), "fetch_wall_clock");
  EXPECT_FALSE(closest_name("fe", words));
}

TEST(ClosestName, TakesTheNearestAndTheFirstOfEquals) {
  constexpr std::array<std::string_view, 3> near{"stats", "state", "stat"};
  EXPECT_EQ(closest_name("statt", near), "stats");
  EXPECT_EQ(closest_name("stat", near), "stat");
}

}  // namespace closest_name_test
}  // namespace devy::base
