#include "core/platform/web/audit_store.hpp"

#include <gtest/gtest.h>

#include "core/platform/web/login_store.hpp"
#include "core/platform/web/prunable.hpp"
#include "tests/integration/platform/web/web_database.hpp"

namespace devy::web {
namespace audit_store_test {

class AuditStoreTest : public WebDatabase {
 protected:
  std::int64_t record(const std::string& act, const std::string& target) {
    return record_act(web(), {.actor = "web:alice", .act = act, .target = target});
  }
  // The names of what was pruned, with their numbers, by the rights of the role that does it.
  std::string prune(const std::string& name) {
    auto worker = open({"set_worker", "set role devy_worker"});
    std::string text;
    for (const auto& prunable : prunables()) {
      if (prunable.name != name) continue;
      const auto estimate = prunable.estimate(worker, {}, 100);
      const auto batch = prunable.prune(worker, {base::Duration{}, "", 100});
      EXPECT_EQ(batch.pruned, estimate.counts);
      EXPECT_TRUE(batch.is_last);
      for (const auto& [sort, count] : batch.pruned)
        text += sort + " " + std::to_string(count) + "; ";
    }
    return text;
  }
};

TEST_F(AuditStoreTest, KeepsWhatSomebodyDid) {
  const auto id = record_act(web(), {.actor = "web:alice",
                                     .address = "192.0.2.7",
                                     .act = "operation.cancel",
                                     .filter = R"({"state": "failed"})",
                                     .count = 7,
                                     .reason = "no longer wanted",
                                     .result = "done"});
  const auto acts = list_acts(web(), {});
  ASSERT_EQ(acts.size(), 1U);
  EXPECT_EQ(acts[0].id, id);
  EXPECT_EQ(acts[0].actor, "web:alice");
  EXPECT_EQ(acts[0].address, "192.0.2.7");
  EXPECT_EQ(acts[0].act, "operation.cancel");
  EXPECT_EQ(acts[0].filter, R"({"state": "failed"})");
  EXPECT_EQ(acts[0].count, 7);
  EXPECT_EQ(acts[0].reason, "no longer wanted");
  EXPECT_EQ(acts[0].result, "done");
}

TEST_F(AuditStoreTest, ListsTheNewestFirst) {
  const auto first = record("queue.pause", "all"), second = record("queue.resume", "all");
  record_act(web(), {.actor = "web:bob", .act = "queue.pause", .target = "mirror"});
  EXPECT_EQ(list_acts(web(), {.limit = 1})[0].target, "mirror");
  EXPECT_EQ(list_acts(web(), {.actor = "web:alice"})[0].id, second);
  EXPECT_EQ(list_acts(web(), {.act = "queue.pause"}).size(), 2U);
  EXPECT_EQ(list_acts(web(), {.target = "all"}).size(), 2U);
  const auto before = list_acts(web(), {.before = second});
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].id, first);
  EXPECT_EQ(list_acts(web(), {.since = std::chrono::hours(1)}).size(), 3U);
  EXPECT_TRUE(list_acts(web(), {.since = base::Duration(0)}).empty());
}

// Whoever owns the table is refused too; he would have to drop the trigger first.
TEST_F(AuditStoreTest, IsOnlyAddedTo) {
  record("queue.pause", "all");
  for (const auto* sql :
       {"update devy.audit set actor = 'eve'", "delete from devy.audit", "truncate devy.audit"})
    EXPECT_THROW(database_.execute(sql), std::runtime_error) << sql;
  EXPECT_EQ(prune("audit"), "audit 0; ");
  EXPECT_EQ(list_acts(web(), {}).size(), 1U);
}

TEST_F(AuditStoreTest, GoesAfterFourHundredDays) {
  database_.execute(
      "insert into devy.audit (at, actor, act) select clock_timestamp() - d * interval '1 day', "
      "'web:alice', 'queue.pause' from unnest(array[399, 401]) d");
  EXPECT_THROW(database_.execute("delete from devy.audit where at > clock_timestamp() - interval "
                                 "'400 days'"),
               std::runtime_error);
  EXPECT_EQ(prune("audit"), "audit 1; ");
  EXPECT_EQ(list_acts(web(), {}).size(), 1U);
}

TEST_F(AuditStoreTest, ForgetsLoginsADayPastTheirEnd) {
  static_cast<void>(begin_session(web(), {.account = account("alice"), .token_hash = digest("a")},
                                  SessionTimes{}));
  begin_attempt(web(), {.state_hash = digest("s"),
                        .cookie_hash = digest("c"),
                        .verifier = std::string(43, 'v'),
                        .next = "/"});
  static_cast<void>(make_link(operators(), digest("l"), "alice", "test"));
  const std::string nothing = "login_attempts 0; login_links 0; web_sessions 0; ";
  EXPECT_EQ(prune("logins"), nothing);
  for (const std::string table : {"web_session", "login_attempt", "login_link"})
    database_.execute("update devy." + table +
                      " set expires_at = clock_timestamp() - interval '23 hours'");
  EXPECT_EQ(prune("logins"), nothing);
  for (const std::string table : {"web_session", "login_attempt", "login_link"})
    database_.execute("update devy." + table + " set expires_at = expires_at - interval '1 hour'");
  EXPECT_EQ(prune("logins"), "login_attempts 1; login_links 1; web_sessions 1; ");
}

}  // namespace audit_store_test
}  // namespace devy::web
