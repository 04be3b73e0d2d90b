#include "tests/integration/platform/queue/queue_fixture.hpp"

#include <condition_variable>
#include <mutex>

#include "core/platform/base/random.hpp"
#include "core/platform/base/time_text.hpp"
#include "tests/oracle/database.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace {

const config::Database settings;

}  // namespace

QueueTest::QueueTest() : connection(connect()), repository(resource("1", "ann")) {}

void QueueTest::TearDown() {
  EXPECT_EQ(broken_queue_invariants(database.conninfo()), std::vector<std::string>());
}

pg::Connection QueueTest::connect() const {
  return pg::Connection::open(database.conninfo(), settings, "test");
}

queue::ResourceId QueueTest::resource(const std::string& key, const std::string& owner) {
  return queue::ensure_resource(connection, "repository", key, owner);
}

queue::NewOperation QueueTest::event(const std::string& revision) const {
  queue::NewOperation operation;
  operation.id = queue::OperationId::trusted(base::system_random().uuid());
  operation.resource = repository;
  operation.kind = "test";
  operation.source = queue::Source::webhook;
  if (!revision.empty()) operation.revision = revision;
  return operation;
}

queue::NewOperation QueueTest::outbound_event(const std::optional<std::string>& owner) const {
  auto operation = event();
  operation.lane = queue::github_lane;
  operation.direction = queue::Direction::outbound;
  operation.owner = owner;
  return operation;
}

queue::Ingested QueueTest::add(const queue::NewOperation& operation) {
  return queue::ingest(connection, operation);
}

queue::OperationId QueueTest::add_waiting(const std::string& revision) {
  const auto added = add(event(revision));
  EXPECT_EQ(added.state, queue::State::verified);
  return added.id;
}

queue::OperationId QueueTest::add_waiting_to(queue::ResourceId of) {
  auto operation = event();
  operation.resource = of;
  EXPECT_EQ(add(operation).state, queue::State::verified);
  return operation.id;
}

std::optional<queue::Lease> QueueTest::claim_now(const queue::ClaimOptions& options) {
  return queue::claim(connection, base::system_clock(), options);
}

queue::Lease QueueTest::claim_one(const std::string& worker) {
  queue::ClaimOptions options;
  options.worker = worker;
  auto lease = claim_now(options);
  if (!lease) throw std::runtime_error("nothing to claim");
  return *lease;
}

queue::State QueueTest::end(const queue::Lease& lease, queue::Outcome outcome) {
  queue::AttemptResult ending;
  ending.outcome = outcome;
  if (outcome == queue::Outcome::failed || outcome == queue::Outcome::retry) {
    ending.error_code = "broken";
    ending.error_text = "it broke";
    ending.error_hint = "Mend it.";
  }
  return queue::finish(connection, lease, ending);
}

queue::State QueueTest::complete(const queue::Lease& lease, const std::string& revision) {
  queue::AttemptResult ending;
  ending.revision = revision;
  return queue::finish(connection, lease, ending);
}

queue::StepVerdict QueueTest::step(const queue::Lease& lease, const std::string& name,
                                   bool is_interruptible, std::optional<std::string> fetched) {
  queue::StepOptions options;
  options.step = name;
  options.is_interruptible = is_interruptible;
  options.fetched_revision = std::move(fetched);
  return queue::begin_step(connection, lease, options);
}

void QueueTest::expire(const queue::Lease& lease) {
  database.execute("update devy.lease set lease_expires_at = now() - interval '1 s' where " +
                   ("resource_id = " + std::to_string(lease.resource)));
}

void QueueTest::make_due(const queue::OperationId& id) {
  database.execute("update devy.operation set run_at = now() where id = '" + id.text() + "'");
}

std::string QueueTest::column(const queue::OperationId& id, std::string_view name) const {
  return database.scalar("select " + std::string(name) + " from devy.operation where id = '" +
                         id.text() + "'");
}

std::string QueueTest::state(const queue::OperationId& id) const {
  return column(id, "state");
}

std::string QueueTest::history(const queue::OperationId& id) const {
  return database.scalar("select string_agg(state, ' ' order by seq) from devy.operation_event " +
                         ("where operation_id = '" + id.text() + "'"));
}

std::string QueueTest::attempts(const queue::OperationId& id) const {
  return database.scalar(
      "select string_agg(number || ':' || coalesce(outcome, 'open'), ' ' order by fence) "
      "from devy.attempt where operation_id = '" +
      id.text() + "'");
}

queue::RunnerOptions QueueTest::runner_options(const std::string& worker) const {
  queue::RunnerOptions options;
  options.worker = worker;
  options.conninfo = database.conninfo();
  options.queue.poll_interval = std::chrono::milliseconds(50);
  return options;
}

std::string error_code(const std::function<void()>& act) {
  try {
    act();
  } catch (const base::Error& error) {
    return error.code();
  }
  return "no error";
}

base::TimePoint at(std::string_view rfc3339) {
  return base::parse_rfc3339(rfc3339).value();
}

bool eventually(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + time_factor * patience;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (std::chrono::steady_clock::now() < until) {
    if (condition()) return true;
    never.wait_for(lock, std::chrono::milliseconds(5));
  }
  return condition();
}

}  // namespace devy::testing
