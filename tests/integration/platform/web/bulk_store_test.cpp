// Acts on many operations: which ones are meant, that each is acted on once and by its own rules,
// and that the rest stays as it is.
#include "core/platform/web/bulk_store.hpp"

#include <set>

#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/prunable.hpp"
#include "tests/integration/platform/web/web_database.hpp"

namespace devy::web {
namespace bulk_store_test {

constexpr const char* first_id = "00000000-0000-4000-8000-0000000000b1";
constexpr const char* second_id = "00000000-0000-4000-8000-0000000000b2";

class BulkStore : public WebDatabase {
 protected:
  BulkStore() {
    database_.execute(
        "set session_replication_role = replica; delete from devy.bulk_item; delete from "
        "devy.bulk; delete from devy.operation_event; delete from devy.attempt; delete from "
        "devy.operation; delete from devy.lease; delete from devy.resource");
  }
  // Operations of `count` resources, one each, all in this state.
  void make(int count, const std::string& state, const std::string& kind = "idle") const {
    const bool is_ended = state != "verified" && state != "held";
    const auto number = std::to_string(count);
    database_.execute(
        "insert into devy.resource (kind, key, owner) select '" + kind + "', '" + state +
        "-' || g || gen_random_uuid(), 'owner' from generate_series(1, " + number +
        ") g; set session_replication_role = replica; insert into devy.operation (id, kind, "
        "resource_id, owner, state, source, finished_at, error_code) select gen_random_uuid(), "
        "kind, id, owner, '" +
        state + "', 'api', " + (is_ended ? "now() - interval '1 minute'" : "null") + ", " +
        (state == "failed" ? "'broken'" : "null") + " from devy.resource order by id desc limit " +
        number);
  }
  [[nodiscard]] int count(const std::string& condition) const {
    return std::stoi(database_.scalar("select count(*) from devy.operation o where " + condition));
  }
  [[nodiscard]] std::int64_t newest() const {
    return std::stoll(database_.scalar("select coalesce(max(arrival), 0) from devy.operation"));
  }
  Matches match(const OperationFilter& filter) {
    return match_operations(web(), filter, newest(), database_time(web()));
  }
  [[nodiscard]] static NewBulk bulk(const std::string& id, BulkAct act,
                                    std::vector<std::string> operations) {
    NewBulk bulk;
    bulk.id = id;
    bulk.act = act;
    bulk.actor = "web:ada";
    bulk.reason = "the disk was full";
    bulk.filter = json::Json::object({{"state", "failed"}});
    bulk.operations = std::move(operations);
    return bulk;
  }
};

TEST_F(BulkStore, MeansAllThatMatchAndAreNotNewer) {
  make(70, "failed");
  const auto as_of = newest();
  const auto shown_at = database_time(web());
  make(3, "failed");
  EXPECT_EQ(match_operations(web(), {.states = {"failed"}}, as_of, shown_at).ids.size(), 70U);
  // One that is older and failed since.
  database_.execute(
      "set session_replication_role = replica; update devy.operation set finished_at = now() where "
      "arrival = (select min(arrival) from devy.operation)");
  EXPECT_EQ(match_operations(web(), {.states = {"failed"}}, as_of, shown_at).ids.size(), 69U);
  EXPECT_EQ(match({.states = {"failed"}, .code = "another"}).ids.size(), 0U);
  EXPECT_EQ(match({.states = {"failed"}, .code = "broken"}).ids.size(), 73U);
}

TEST_F(BulkStore, SeesThatTooManyMatch) {
  make(bulk_operations_max + 5, "failed");
  const auto matches = match({.states = {"failed"}});
  EXPECT_EQ(static_cast<int>(matches.ids.size()), bulk_operations_max + 1);
  // The newest come first, and each once.
  const std::set<std::string> each(matches.ids.begin(), matches.ids.end());
  EXPECT_EQ(each.size(), matches.ids.size());
  EXPECT_EQ(database_.scalar("select id from devy.operation order by arrival desc limit 1"),
            matches.ids.front());
}

TEST_F(BulkStore, ActsOnceHoweverOftenTheFormIsSent) {
  make(3, "failed");
  auto ids = match({.states = {"failed"}}).ids;
  EXPECT_TRUE(begin_bulk(web(), bulk(first_id, BulkAct::replay, ids)));
  EXPECT_EQ(count("state = 'verified' and replays = 1"), 3);
  EXPECT_FALSE(begin_bulk(web(), bulk(first_id, BulkAct::replay, ids)));
  EXPECT_EQ(count("replays = 1"), 3);
  const auto done = find_bulk(web(), first_id);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->done, 3);
  EXPECT_EQ(not_done_text(*done), "");
}

TEST_F(BulkStore, CountsWhatMayNotBeActedOnByReason) {
  make(2, "failed");
  make(1, "verified");
  std::vector<std::string> ids{"00000000-0000-4000-8000-00000000dead"};
  for (const auto& id : match({}).ids)
    ids.push_back(id);
  database_.execute(
      "update devy.resource set is_enabled = false where id = (select resource_id from "
      "devy.operation where state = 'failed' limit 1)");
  EXPECT_TRUE(begin_bulk(web(), bulk(first_id, BulkAct::replay, ids)));
  const auto replayed = find_bulk(web(), first_id).value();
  EXPECT_EQ(replayed.done, 1);
  EXPECT_EQ(not_done_text(replayed),
            "3 not: their resource is off (1), they were deleted (1), they had not ended (1)");
  EXPECT_TRUE(begin_bulk(web(), bulk(second_id, BulkAct::approve, ids)));
  EXPECT_EQ(find_bulk(web(), second_id).value().not_done.at("not_held"), 3);
}

// Of several of one resource only the newest is replayed, whatever was selected first.
TEST_F(BulkStore, ReplaysTheNewestOfAResource) {
  make(1, "failed");
  database_.execute(
      "set session_replication_role = replica; insert into devy.operation (id, kind, resource_id, "
      "owner, state, source, finished_at) select gen_random_uuid(), kind, resource_id, owner, "
      "'failed', 'api', now() - interval '1 minute' from devy.operation");
  EXPECT_TRUE(
      begin_bulk(web(), bulk(first_id, BulkAct::replay, match({.states = {"failed"}}).ids)));
  EXPECT_EQ(database_.scalar("select state from devy.operation order by arrival desc limit 1"),
            "verified");
  EXPECT_EQ(find_bulk(web(), first_id).value().not_done.at("newer"), 1);
  EXPECT_EQ(count("state = 'cancelled'"), 0);
}

TEST_F(BulkStore, LeavesMoreThanItDoesAtOnceToAnOperation) {
  make(bulk_at_once_max + 1, "verified");
  const auto ids = match({.states = {"verified"}}).ids;
  EXPECT_TRUE(begin_bulk(web(), bulk(first_id, BulkAct::cancel, ids)));
  EXPECT_EQ(count("state = 'cancelled'"), 0);
  EXPECT_EQ(database_.scalar("select kind || ' ' || state || ' ' || lane || ' ' || reason from "
                             "devy.operation where id = '" +
                             std::string(first_id) + "'"),
            "bulk verified work the disk was full");
  EXPECT_EQ(bulk_subjects(web(), {first_id}).at(first_id), "cancel of 201 operations");
  // The set is frozen: what is recorded afterwards is not in it.
  make(2, "verified");
  EXPECT_EQ(run_bulk(web(), first_id, 150, 12), 150);
  EXPECT_EQ(find_bulk(web(), first_id).value().reached(), 150);
  EXPECT_EQ(run_bulk(web(), first_id, 150, 12), bulk_at_once_max + 1 - 150);
  EXPECT_EQ(run_bulk(web(), first_id, 150, 12), 0);
  EXPECT_EQ(count("state = 'cancelled' and cancel_reason = 'the disk was full (web:ada)'"),
            bulk_at_once_max + 1);
  EXPECT_EQ(count("kind = 'idle' and state = 'verified'"), 2);
}

TEST_F(BulkStore, ForgetsWhatHasEndedWithItsOperation) {
  make(bulk_at_once_max + 1, "verified");
  make(1, "failed");
  EXPECT_TRUE(
      begin_bulk(web(), bulk(first_id, BulkAct::cancel, match({.states = {"verified"}}).ids)));
  EXPECT_TRUE(
      begin_bulk(web(), bulk(second_id, BulkAct::replay, match({.states = {"failed"}}).ids)));
  database_.execute("update devy.bulk set created_at = now() - interval '2 days'");
  const auto all = prunables();
  const auto& bulks = all.back();
  ASSERT_EQ(bulks.name, "bulk_acts");
  const queue::PruneRequest request{std::chrono::hours(24), "", 100};
  EXPECT_EQ(bulks.prune(operators(), request).pruned.at("bulk_acts"), 1);
  EXPECT_EQ(database_.scalar("select id from devy.bulk"), first_id);
  EXPECT_TRUE(queue::cancel(operators(), base::OperationId::trusted(first_id), false, "enough") ==
              queue::State::cancelled);
  EXPECT_EQ(bulks.prune(operators(), request).pruned.at("bulk_acts"), 1);
  EXPECT_EQ(database_.scalar("select count(*) from devy.bulk_item"), "0");
}

}  // namespace bulk_store_test
}  // namespace devy::web
