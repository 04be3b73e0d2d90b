#include "core/platform/http/server/body_memory.hpp"

#include <gtest/gtest.h>

namespace devy::server {
namespace body_memory_test {

using std::chrono::milliseconds;
using Answer = BodyMemory::Answer;
using Way = ShortOfMemory::Way;

TEST(BodyMemory, LimitsAllBodiesTogether) {
  BodyMemory memory({.bytes_max = 100, .sender_bytes_max = 60});
  EXPECT_EQ(memory.reserve("a", 60), Answer::granted);
  EXPECT_EQ(memory.reserve("b", 40), Answer::granted);
  EXPECT_EQ(memory.reserve("b", 1), Answer::full);
  memory.release("a", 1);
  EXPECT_EQ(memory.reserve("b", 1), Answer::granted);
}

TEST(BodyMemory, LimitsTheShareOfASender) {
  BodyMemory memory({.bytes_max = 100, .sender_bytes_max = 60});
  EXPECT_EQ(memory.reserve("a", 60), Answer::granted);
  EXPECT_EQ(memory.reserve("a", 1), Answer::sender_full);
  memory.release("a", 60);
  EXPECT_EQ(memory.reserve("a", 60), Answer::granted);
}

// A proxy that does not say for whom it speaks must not be limited as one sender.
TEST(BodyMemory, GivesAnUnknownSenderNoShare) {
  BodyMemory memory({.bytes_max = 100, .sender_bytes_max = 60});
  EXPECT_EQ(memory.reserve("", 100), Answer::granted);
  EXPECT_EQ(memory.reserve("", 1), Answer::full);
}

class ShortOfMemoryTest : public ::testing::Test {
 protected:
  static base::MonotonicTime at(int time) { return base::MonotonicTime{} + milliseconds(time); }
  static BodyHolder reading(std::uint64_t name, int step_begun_at) {
    return {name, at(0), at(step_begun_at), true, false};
  }
  static BodyHolder waiting(std::uint64_t name, int begun_at) {
    return {name, at(begun_at), at(0), true, true};
  }
  static BodyHolder complete(std::uint64_t name) { return {name, at(0), at(0), false, false}; }

  ShortOfMemory shortage_{{1, at(900)}, at(1'000)};
};

TEST_F(ShortOfMemoryTest, EndsTheSlowestBody) {
  shortage_.consider(reading(2, 400));
  shortage_.consider(reading(3, 100));
  shortage_.consider(reading(4, 990));
  shortage_.consider(complete(5));
  EXPECT_EQ(shortage_.decide().way, Way::end_slowest);
  EXPECT_EQ(shortage_.decide().name, 3U);
}

TEST_F(ShortOfMemoryTest, WaitsForBodiesThatArriveBriskly) {
  shortage_.consider(reading(2, 501));
  shortage_.consider(waiting(3, 950));
  EXPECT_EQ(shortage_.decide().way, Way::wait);
}

TEST_F(ShortOfMemoryTest, WaitsForRequestsThatAreAnswered) {
  shortage_.consider(complete(2));
  EXPECT_EQ(shortage_.decide().way, Way::wait);
}

TEST_F(ShortOfMemoryTest, EndsTheLastOneWhenAllWaitForEachOther) {
  shortage_.consider(waiting(2, 950));
  shortage_.consider(waiting(3, 100));
  EXPECT_EQ(shortage_.decide().way, Way::end_last);
  EXPECT_EQ(shortage_.decide().name, 2U);
}

TEST_F(ShortOfMemoryTest, RefusesTheLastOneWhenItIsTheOneThatAsks) {
  shortage_.consider(waiting(2, 100));
  EXPECT_EQ(shortage_.decide().way, Way::refuse);
}

}  // namespace body_memory_test
}  // namespace devy::server
