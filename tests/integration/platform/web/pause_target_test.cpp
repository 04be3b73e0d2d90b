// Pauses of a kind and of a resource, and gates: what waits is out of the line, comes back to its
// place, and is never claimed meanwhile.
#include "core/platform/web/pause_target.hpp"

#include "core/platform/pg/schema_version.hpp"
#include "core/platform/queue/gate.hpp"
#include "core/platform/queue/pause.hpp"
#include "core/platform/web/queue_state.hpp"
#include "tests/integration/platform/web/web_database.hpp"

namespace devy::web {
namespace pause_target_test {

class PauseTargetTest : public WebDatabase {
 protected:
  PauseTargetTest() {
    database_.execute(
        "set session_replication_role = replica; delete from devy.kind_pause; delete from "
        "devy.owner_gate; delete from devy.operation_event; delete from devy.attempt; delete from "
        "devy.operation; delete from devy.lease; delete from devy.resource");
  }
  // A new operation of a resource of its own; returns what it became.
  void record(const std::string& kind, const std::string& key) const {
    database_.execute(
        "insert into devy.resource (kind, key, owner) values ('thing', '" + key +
        "', 'owner'); select devy.operation_ingest(gen_random_uuid(), (select id from "
        "devy.resource where key = '" +
        key + "'), '" + kind +
        "', 'api', null, null, null, '', false, 100::smallint, 12, null, null, null)");
  }
  // The keys of what is claimed now, one after the other.
  [[nodiscard]] std::string claimed() const {
    std::string keys;
    for (int n = 0; n < 10; ++n) {
      const auto key = database_.scalar(
          "select coalesce((select r.key from devy.operation_claim('w', '30 s', 'work', "
          "array['a', 'b'], 9, null, " +
          std::to_string(pg::schema_version) +
          ") c join devy.resource r on r.id = c.o_resource_id), '')");
      if (key.empty()) break;
      keys += key + " ";
    }
    return keys;
  }
  [[nodiscard]] queue::ResourceId resource(const std::string& key) const {
    return std::stoll(database_.scalar("select id from devy.resource where key = '" + key + "'"));
  }
  void act(const PauseTarget& target, bool is_closing) {
    pg::Transaction transaction(web());
    if (is_closing) devy::web::close(web(), target, "web:ada: the disk");
    else devy::web::open(web(), target);
    transaction.commit();
  }
};

TEST_F(PauseTargetTest, HoldsAKindBackAndBringsItBack) {
  record("a", "first");
  record("b", "other");
  act(kind_target(web(), "a"), true);
  record("a", "later");
  EXPECT_TRUE(kind_target(web(), "a").is_closed);
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where run_at = 'infinity'"), "2");
  EXPECT_EQ(claimed(), "other ");
  EXPECT_EQ(queue::pause_of(web(), resource("first"), "a").value().kind, "a");
  EXPECT_FALSE(queue::pause_of(web(), resource("first"), "b"));
  act(kind_target(web(), "a"), false);
  EXPECT_EQ(claimed(), "first later ");
  EXPECT_FALSE(kind_target(web(), "a").is_closed);
}

// It was recorded by a session that did not see the pause yet.
TEST_F(PauseTargetTest, HoldsBackWhatIsStillInLine) {
  act(kind_target(web(), "a"), true);
  record("a", "first");
  database_.execute("update devy.operation set run_at = now()");
  EXPECT_EQ(claimed(), "");
  act(kind_target(web(), "a"), false);
  EXPECT_EQ(claimed(), "first ");
}

TEST_F(PauseTargetTest, KeepsAResourcePausedWhenItsKindGoesOn) {
  record("a", "first");
  record("a", "second");
  act(resource_target(web(), resource("first")), true);
  act(kind_target(web(), "a"), true);
  act(kind_target(web(), "a"), false);
  EXPECT_EQ(claimed(), "second ");
  act(resource_target(web(), resource("first")), false);
  EXPECT_EQ(claimed(), "first ");
}

TEST_F(PauseTargetTest, OpensAnOwnersGate) {
  record("a", "first");
  queue::set_gate(operators(), {.owner = "owner",
                                .direction = queue::Direction::inbound,
                                .not_before = base::system_clock().now() + std::chrono::hours(1),
                                .reason = "rate limit"});
  EXPECT_EQ(claimed(), "");
  const auto gate = gate_target(web(), "owner", queue::Direction::inbound);
  EXPECT_TRUE(gate.is_closed);
  act(gate, false);
  EXPECT_EQ(claimed(), "first ");
  // A person closes it until a person opens it.
  record("b", "second");
  act(gate, true);
  EXPECT_EQ(claimed(), "");
  EXPECT_TRUE(gate_target(web(), "owner", queue::Direction::inbound).is_closed);
  act(gate, false);
  EXPECT_EQ(claimed(), "second ");
}

TEST_F(PauseTargetTest, StandsInTheStateOfTheQueue) {
  record("a", "first");
  act(kind_target(web(), "a"), true);
  act(resource_target(web(), resource("first")), true);
  const auto gates = read_queue_state(web()).gates;
  ASSERT_EQ(gates.size(), 2U);
  EXPECT_EQ(gates[0].sort, GateSort::kind);
  EXPECT_EQ(gates[0].reason, "web:ada: the disk");
  EXPECT_EQ(gates[1].sort, GateSort::resource);
  EXPECT_EQ(gates[1].id, std::to_string(resource("first")));
  EXPECT_FALSE(gates[1].not_before);
  EXPECT_EQ(code_of([&] { static_cast<void>(resource_target(web(), 999'999)); }), "not_found");
}

}  // namespace pause_target_test
}  // namespace devy::web
