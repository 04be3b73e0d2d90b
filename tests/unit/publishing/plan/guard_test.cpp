#include "core/publishing/plan/guard.hpp"

#include <gtest/gtest.h>

namespace devy::plan {
namespace guard_test {

snapshot::Changeset deleting(std::size_t deleted, std::size_t unchanged) {
  snapshot::Changeset changeset;
  for (std::size_t i = 0; i < deleted; ++i)
    changeset.changes.push_back({snapshot::ChangeKind::deleted, std::to_string(i), {}, {}});
  changeset.unchanged = unchanged;
  return changeset;
}

TEST(Guard, HoldsFromTenDeletionsOfMoreThanTheShare) {
  EXPECT_TRUE(hold_reason(deleting(10, 9), 19, 50));
  EXPECT_FALSE(hold_reason(deleting(10, 10), 20, 50));
  EXPECT_FALSE(hold_reason(deleting(9, 1), 10, 50));
}

TEST(Guard, AppliesTheAuthorsShare) {
  EXPECT_TRUE(hold_reason(deleting(10, 90), 100, 0));
  EXPECT_FALSE(hold_reason(deleting(99, 1), 100, 100));
}

TEST(Guard, HoldsAPlanThatWouldEmptyABlog) {
  EXPECT_EQ(hold_reason(deleting(1, 0), 1, 100),
            "it would delete 1 of 1 posts, which would leave none");
  auto replaced = deleting(1, 0);
  replaced.changes.push_back({snapshot::ChangeKind::created, "new", {}, {}});
  EXPECT_FALSE(hold_reason(replaced, 1, 100));
}

TEST(Guard, LetsAFirstImportPass) {
  EXPECT_FALSE(hold_reason(deleting(0, 0), 0, 50));
}

TEST(Guard, HoldsAPlanThatLeavesNothing) {
  PublishPlan plan;
  plan.deletes.resize(2);
  EXPECT_TRUE(hold_reason(plan, 2));
  EXPECT_FALSE(hold_reason(plan, 3));
  plan.writes.resize(1);
  EXPECT_FALSE(hold_reason(plan, 2));
}

}  // namespace guard_test
}  // namespace devy::plan
