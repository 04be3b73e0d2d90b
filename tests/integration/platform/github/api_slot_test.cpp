// How many ask GitHub at once, over all sessions.
#include "core/platform/github/api_slot.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "core/platform/github/api_pause.hpp"
#include "core/platform/github/within_limits.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::github {
namespace api_slot_test {

class ApiSlotTest : public ::testing::Test {
 protected:
  ApiSlotTest() : one_(open()), other_(open()) {}
  [[nodiscard]] pg::Connection open() const {
    return pg::Connection::open(database_.conninfo(), {}, "test");
  }

  testing::TestDatabase database_;
  pg::Connection one_, other_;
};

TEST_F(ApiSlotTest, IsRefusedWhenAllAreTaken) {
  const ApiSlot first(one_, "token", 2);
  {
    const ApiSlot second(other_, "app", 2);
    EXPECT_TRUE(second.is_held());
    EXPECT_FALSE(ApiSlot(one_, "token", 2).is_held());
  }
  EXPECT_TRUE(ApiSlot(one_, "token", 2).is_held());  // the second one came back
}

TEST_F(ApiSlotTest, IsFreeAgainWhenItsSessionHasEnded) {
  std::optional<ApiSlot> lost;
  lost.emplace(other_, "token", 1);
  EXPECT_FALSE(ApiSlot(one_, "token", 1).is_held());
  database_.execute(
      "select pg_terminate_backend(pid, 10000) from pg_stat_activity where pid = "
      "(select holder from devy.api_slot)");
  EXPECT_TRUE(ApiSlot(one_, "token", 1).is_held());
}

TEST_F(ApiSlotTest, IsFreeAgainWhenItsTimeIsOver) {
  database_.execute(
      "insert into devy.api_slot values (1, 'token', now() - interval '1 second', "
      "pg_backend_pid())");
  EXPECT_TRUE(ApiSlot(one_, "app", 1).is_held());
}

// Two sessions at the same moment.
TEST_F(ApiSlotTest, IsTakenByOneOnly) {
  for (int round = 0; round < 20; ++round) {
    std::optional<ApiSlot> first, second;
    std::thread thread([&] { first.emplace(one_, "token", 1); });
    second.emplace(other_, "token", 1);
    thread.join();
    EXPECT_NE(first->is_held(), second->is_held());
  }
}

TEST_F(ApiSlotTest, IsTheOnlyOneAfterASecondaryLimit) {
  pause_until(one_, "token", base::system_clock().now(), "a secondary limit", true);
  const ApiSlot first(one_, "token", 8);
  EXPECT_TRUE(first.is_held());
  EXPECT_FALSE(ApiSlot(other_, "token", 8).is_held());
  EXPECT_TRUE(ApiSlot(other_, "app", 8).is_held());
  database_.execute("update devy.api_pause set secondary_at = now() - interval '61 minutes'");
  EXPECT_TRUE(ApiSlot(other_, "token", 8).is_held());
}

TEST_F(ApiSlotTest, GivesAnAttemptBackWhereThereIsNone) {
  const auto share = [] { return std::string("token"); };
  bool is_asked = false;
  const auto inner = [&] { is_asked = true; };
  {
    const ApiSlot taken(other_, "token", 1);
    const auto result = within_limits(one_, 1, share, inner);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->error_code, "github_busy");
    EXPECT_FALSE(is_asked);
  }
  EXPECT_FALSE(within_limits(one_, 1, share, inner));
  EXPECT_TRUE(is_asked);
  // What throws gives its slot back, too.
  EXPECT_THROW(static_cast<void>(within_limits(
                   one_, 1, share, [] { throw base::Error(base::ErrorKind::rejected, "no"); })),
               base::Error);
  EXPECT_FALSE(within_limits(one_, 1, share, inner));
}

}  // namespace api_slot_test
}  // namespace devy::github
