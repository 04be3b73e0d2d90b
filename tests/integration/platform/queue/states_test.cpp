// The database allows the documented moves only, and the history cannot be bent.
#include <set>

#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace states_test {

// The moves as they are documented; what enforces them is the trigger.
bool is_allowed(queue::State from, queue::State to) {
  using enum queue::State;
  if (from == to) return true;  // a change of step, or none
  switch (from) {
    case received:
      return to == verified || to == disabled || to == dropped || to == duplicate ||
             to == cancelled;
    case verified:
      return to == scheduled || to == cancelled || to == disabled || to == dropped ||
             to == duplicate;
    case scheduled:
    case processing:
      return to == processing || to == completed || to == failed || to == cancelled || to == held ||
             to == dropped || to == verified;
    case held: return to == verified || to == cancelled || to == disabled;
    case completed:
    case failed:
    case cancelled:
    case dropped:
    case duplicate:
    case disabled: return to == verified;  // a replay
  }
  return false;
}

class StatesTest : public QueueTest {};

// Tries every move on a row put into its state behind the trigger's back; prints those it accepts.
constexpr std::string_view try_every_move = R"sql(
set search_path = devy;
create temp table accepted (move text);
do $$
declare
  states text[] := array['received', 'verified', 'scheduled', 'processing', 'held', 'completed',
                         'failed', 'cancelled', 'dropped', 'duplicate', 'disabled'];
  v_from text;
  v_to text;
  v_id uuid;
begin
  foreach v_from in array states loop
    foreach v_to in array states loop
      v_id := gen_random_uuid();
      set local session_replication_role = replica;
      insert into operation (id, kind, resource_id, state, source, finished_at, duplicate_of, dropped_for)
      values (v_id, 'test', (select id from resource), v_from, 'api',
              case when array_position(states, v_from) > 5 then now() end,
              case when v_from = 'duplicate' then v_id end,
              case when v_from = 'dropped' then v_id end);
      set local session_replication_role = origin;
      begin
        update operation
           set state = v_to, replays = replays + 1,
               finished_at = case when array_position(states, v_to) > 5 then now() end,
               duplicate_of = case when v_to = 'duplicate' then v_id end,
               dropped_for = case when v_to = 'dropped' then v_id end
         where id = v_id;
        insert into accepted values (v_from || ' ' || v_to);
      exception when sqlstate 'DV002' then null;
      end;
      set local session_replication_role = replica;
      delete from operation_event where operation_id = v_id;
      delete from operation where id = v_id;
      set local session_replication_role = origin;
    end loop;
  end loop;
end $$;
select move from accepted;
)sql";

TEST_F(StatesTest, AllowsExactlyTheDocumentedTransitions) {
  std::set<std::string> allowed, accepted;
  for (int i = 0; i < 11; ++i)
    for (int j = 0; j < 11; ++j) {
      const auto from = static_cast<queue::State>(i), to = static_cast<queue::State>(j);
      if (is_allowed(from, to))
        allowed.insert(std::string(to_string(from)) + " " + std::string(to_string(to)));
    }
  for (const auto& line : database.rows(try_every_move))
    if (line.find(' ') != std::string::npos &&
        line.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos)
      accepted.insert(line);
  EXPECT_EQ(accepted, allowed);
}

TEST_F(StatesTest, LeavesATerminalStateOnlyByAReplay) {
  const auto id = add_waiting();
  complete(claim_one(), "a");
  EXPECT_THROW(database.execute("update devy.operation set state = 'verified', finished_at = null"),
               std::runtime_error);
  EXPECT_EQ(state(id), "completed");
}

TEST_F(StatesTest, RefusesAnInsertInALaterState) {
  for (const std::string begun : {"scheduled", "processing", "held"})
    EXPECT_THROW(
        database.execute("insert into devy.operation (id, kind, resource_id, state, source) "
                         "select gen_random_uuid(), 'test', id, '" +
                         begun + "', 'api' from devy.resource"),
        std::runtime_error);
}

TEST_F(StatesTest, AllowsOneWaitingAndOneRunningOperationPerResource) {
  add_waiting();
  const std::string second =
      "insert into devy.operation (id, kind, resource_id, state, source) "
      "select gen_random_uuid(), 'test', id, 'verified', 'api' from devy.resource";
  EXPECT_THROW(database.execute(second), std::runtime_error);
  const auto running = claim_one();
  database.execute(second);
  EXPECT_THROW(
      database.execute("update devy.operation set state = 'scheduled' where state = 'verified'"),
      std::runtime_error);
  end(running, queue::Outcome::completed);
}

TEST_F(StatesTest, RefusesToChangeEvents) {
  add_waiting();
  EXPECT_THROW(database.execute("update devy.operation_event set state = 'failed'"),
               std::runtime_error);
  EXPECT_THROW(database.execute("delete from devy.operation_event"), std::runtime_error);
}

TEST_F(StatesTest, DeletesEventsWithTheirOperation) {
  const auto id = add_waiting();
  complete(claim_one(), "a");
  database.execute(
      "update devy.resource set newest_operation_id = null, "
      "completed_operation_id = null");
  database.execute("delete from devy.operation where id = '" + id.text() + "'");
  EXPECT_EQ(database.number("select count(*) from devy.operation_event"), 0);
}

TEST_F(StatesTest, RecordsEachStepAsOneEvent) {
  const auto id = add_waiting();
  const auto lease = claim_one();
  static_cast<void>(step(lease, "fetch"));
  static_cast<void>(step(lease, "fetch"));
  static_cast<void>(step(lease, "snapshot"));
  EXPECT_EQ(history(id), "verified scheduled processing processing");
  EXPECT_EQ(column(id, "event_count"), "4");
}

}  // namespace states_test
}  // namespace devy::testing
