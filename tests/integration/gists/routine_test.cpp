// When scans are due, and what becomes of users who cannot be scanned.
#include <gtest/gtest.h>

#include "tests/integration/gists/gist_fixture.hpp"

namespace devy::gists {
namespace routine_test {

class GistRoutine : public GistRows {
 protected:
  GistRoutine() {
    execute(
        "insert into tracked_user (external_id, login, github_id, state, added_by) "
        "select 'u' || n, 'u' || n, n, 'active', 'test' from generate_series(1, 120) n");
  }
};

TEST_F(GistRoutine, SpreadsTheScansOfAllUsers) {
  EXPECT_EQ(fill_routine(connection_, config_.gists, 100), 100);
  EXPECT_EQ(fill_routine(connection_, config_.gists, 100), 20);
  EXPECT_EQ(fill_routine(connection_, config_.gists, 100), 0) << "the next one is not due";
  EXPECT_EQ(
      value("select count(distinct scan_at) > 100 and max(scan_at) < now() + interval '601 s' "
            "and min(scan_at) > now() - interval '1 minute' from tracked_user"),
      "t");
  EXPECT_EQ(value("select pending || ' ' || is_filled from routine"), "120 true");
}

TEST_F(GistRoutine, RecordsWhatIsDueOnceAndFewInATurn) {
  config_.gists.spread = std::chrono::seconds(0);
  EXPECT_EQ(fill_routine(connection_, config_.gists, 1000), 120);
  EXPECT_EQ(record_due_scans(connection_, 50), 50);
  EXPECT_EQ(record_due_scans(connection_, 50), 50);
  EXPECT_EQ(record_due_scans(connection_, 50), 20);
  EXPECT_EQ(record_due_scans(connection_, 50), 0);
  EXPECT_EQ(
      value("select count(*) || ' ' || count(distinct resource_id) from operation where lane = "
            "'github' and kind = 'gist_scan' and owner = 'gists' and priority = 150"),
      "120 120");
}

TEST_F(GistRoutine, LeavesAUserWhoIsLockedToTheNextTurn) {
  config_.gists.spread = std::chrono::seconds(0);
  EXPECT_EQ(fill_routine(connection_, config_.gists, 1000), 120);
  auto other = open();
  {
    pg::Transaction transaction(other);
    static_cast<void>(visit(connection_, {"nobody", "v", false, {}, 1}));
    constexpr pg::Statement lock{"lock_user",
                                 "select 1 from tracked_user where login = 'u7' for update"};
    other.query(lock);
    EXPECT_EQ(record_due_scans(connection_, 1000), 119);
  }
  EXPECT_EQ(record_due_scans(connection_, 1000), 1);
}

TEST_F(GistRoutine, LetsAFailingUserFailAlone) {
  config_.gists.spread = std::chrono::seconds(0);
  EXPECT_EQ(fill_routine(connection_, config_.gists, 1000), 120);
  EXPECT_EQ(record_due_scans(connection_, 1000), 120);
  const std::string fail =
      "update operation set state = 'failed', finished_at = clock_timestamp(), error_code = 'x', "
      "error_text = 'no way' where id = (select operation_id from tracked_user where login = 'u7')";
  execute("set session_replication_role = replica; " + fail);
  EXPECT_EQ(settle_scans(connection_, config_.gists, 50), 1);
  EXPECT_EQ(
      value("select failures || ' ' || error || ' ' || round(extract(epoch from scan_at - now()) "
            "/ 3600) from tracked_user where login = 'u7'"),
      "1 no way 3");
  EXPECT_EQ(value("select pending || ' ' || failed from routine"), "119 1");
  execute("update tracked_user set scan_at = now() where login = 'u7'");
  EXPECT_EQ(record_due_scans(connection_, 1000), 1);
  execute("set session_replication_role = replica; " + fail);
  EXPECT_EQ(settle_scans(connection_, config_.gists, 50), 1);
  EXPECT_EQ(
      value("select round(extract(epoch from scan_at - now()) / 3600) from tracked_user where "
            "login = 'u7'"),
      "6");
}

}  // namespace routine_test
}  // namespace devy::gists
