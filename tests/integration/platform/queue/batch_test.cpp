// The batch records what single calls would, and passes over what another session has locked.
#include "core/platform/queue/batch.hpp"

#include <random>

#include "core/platform/base/random.hpp"
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace batch_test {

using queue::BatchEntry;
using queue::Direction;
using queue::State;

class BatchTest : public QueueTest {
 protected:
  [[nodiscard]] static BatchEntry entry(const std::string& key, const std::string& revision = "") {
    BatchEntry entry;
    entry.id = queue::OperationId::trusted(base::system_random().uuid());
    entry.kind = "test";
    entry.resource_kind = "repository";
    entry.resource_key = key;
    if (!revision.empty()) entry.revision = revision;
    return entry;
  }
  // What was recorded, without what differs between two runs.
  [[nodiscard]] std::vector<std::string> recorded(const std::string& prefix) const {
    return database.rows(
        "with mine as (select o.*, replace(r.key, '" + prefix +
        "', '') as key, row_number() over (order by o.arrival) as place from devy.operation o"
        " join devy.resource r on r.id = o.resource_id where r.key like '" +
        prefix +
        "%') select concat_ws(' ', place, kind, key, owner, state, direction, lane, source,"
        " priority, max_attempts, is_forced, event_at, event_id, announced_revision, variant,"
        " requested_by, reason, (select p.place from mine p where p.id ="
        " coalesce(m.cancelled_by, m.duplicate_of, m.dropped_for))) from mine m order by place");
  }
};

TEST_F(BatchTest, MakesWhatIsMissingAndAnswersInOrder) {
  std::vector<BatchEntry> entries{entry("new", "a"), entry("1", "b"), entry("new", "a"),
                                  entry("new", "c")};
  entries[0].owner = "bob";
  const auto answers = queue::ingest_batch(connection, entries, {});
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[0].ingested->state, State::verified);
  EXPECT_EQ(answers[1].ingested->state, State::verified);
  EXPECT_EQ(answers[2].ingested->state, State::duplicate);
  EXPECT_EQ(answers[2].ingested->pointer, entries[0].id);
  EXPECT_EQ(state(entries[0].id) + " " + state(entries[3].id), "cancelled verified");
  EXPECT_EQ(database.scalar("select owner from devy.resource where key = 'new'"), "bob");
  EXPECT_EQ(column(entries[1].id, "owner"), "ann");
  EXPECT_EQ(database.scalar("show lock_timeout"), "0");
}

TEST_F(BatchTest, ReturnsWhatAKeyHasRecordedBefore) {
  auto first = entry("1"), again = entry("1");
  first.idempotency_key = again.idempotency_key = "request-1";
  static_cast<void>(queue::ingest_batch(connection, {first}, {}));
  const auto answers = queue::ingest_batch(connection, {again}, {});
  EXPECT_FALSE(answers.at(0).ingested->is_new);
  EXPECT_EQ(answers.at(0).ingested->id, first.id);
  EXPECT_TRUE(queue::ingest_batch(connection, {}, {}).empty());
}

TEST_F(BatchTest, EqualsSingleCalls) {
  std::mt19937 chance(std::random_device{}());
  const auto below = [&](int bound) {
    return std::uniform_int_distribution<int>(0, bound - 1)(chance);
  };
  for (int i = 0; i < 5; ++i)
    static_cast<void>(resource("batch-" + std::to_string(i), "carol"));
  std::vector<BatchEntry> batch;
  for (int i = 0; i < 80; ++i) {
    auto made = entry("batch-" + std::to_string(below(5)), "r" + std::to_string(below(3)));
    if (below(2) == 0) made.owner = "owner-" + std::to_string(below(3));
    if (below(2) == 0) made.direction = Direction::outbound;
    if (below(3) == 0) made.lane = queue::github_lane;
    if (below(2) == 0) made.event_id = "guid-" + std::to_string(below(30));
    if (below(2) == 0)
      made.event_at = at("2026-01-02T00:00:00Z") + std::chrono::seconds(i + below(9));
    made.variant = std::to_string(below(2));
    made.is_forced = below(9) == 0;
    made.priority = 100 - below(3);
    made.max_attempts = 5 + below(3);
    batch.push_back(made);
  }
  const queue::BatchOptions options{queue::Source::poll, "ann", "a test"};
  const auto answers = queue::ingest_batch(connection, batch, options);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto& made = batch[i];
    auto single = event();
    single.kind = made.kind;
    single.source = options.source;
    single.event_id = made.event_id;
    single.event_at = made.event_at;
    single.revision = made.revision;
    single.variant = made.variant;
    single.is_forced = made.is_forced;
    single.priority = made.priority;
    single.max_attempts = made.max_attempts;
    single.resource = resource("single-" + made.resource_key.substr(6), "carol");
    single.requested_by = options.requested_by;
    single.reason = options.reason;
    single.direction = made.direction;
    single.lane = made.lane;
    single.owner = made.owner;
    const auto added = add(single);
    EXPECT_EQ(added.state, answers[i].ingested->state) << i;
    EXPECT_EQ(added.pointer.has_value(), answers[i].ingested->pointer.has_value()) << i;
  }
  EXPECT_EQ(recorded("batch-"), recorded("single-"));
}

TEST_F(BatchTest, PassesOverWhatAnotherSessionHasLocked) {
  auto other = connect();
  pg::Transaction transaction(other);
  auto blocking = event("x");
  static_cast<void>(queue::ingest(other, blocking));
  const std::vector<BatchEntry> entries{entry("1", "a"), entry("free", "b"), entry("1", "c")};
  const auto answers = queue::ingest_batch(connection, entries, {.waits_for_locks = false});
  EXPECT_TRUE(answers[0].is_busy);
  EXPECT_FALSE(answers[0].ingested);
  EXPECT_EQ(answers[1].ingested.value().state, State::verified);
  EXPECT_TRUE(answers[2].is_busy);
  EXPECT_EQ(database.number("select count(*) from devy.operation"), 1);
  transaction.commit();
  const auto again = queue::ingest_batch(connection, {entries[0], entries[2]}, {});
  EXPECT_EQ(again.at(0).ingested.value().state, State::verified);
  EXPECT_EQ(again.at(1).ingested.value().state, State::verified);
}

TEST_F(BatchTest, PassesOverAResourceThatAnotherSessionIsMaking) {
  auto other = connect();
  pg::Transaction transaction(other);
  static_cast<void>(queue::ensure_resource(other, "repository", "new", "bob"));
  const auto answers = queue::ingest_batch(connection, {entry("1", "a"), entry("new", "b")},
                                           {.waits_for_locks = false});
  EXPECT_FALSE(answers[0].is_busy);
  EXPECT_TRUE(answers[1].is_busy);
  EXPECT_EQ(database.scalar("show lock_timeout"), "0");
  transaction.rollback();
  EXPECT_FALSE(queue::ingest_batch(connection, {entry("new", "b")}, {.waits_for_locks = false})
                   .at(0)
                   .is_busy);
}

}  // namespace batch_test
}  // namespace devy::testing
