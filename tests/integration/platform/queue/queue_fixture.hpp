#pragma once
// A database with one resource, and short words for what a test of the queue does to it. Every test
// ends with the invariants.

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/lease.hpp"
#include "core/platform/queue/pause.hpp"
#include "core/platform/queue/runner.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::testing {

// Room for a slow machine; nothing waits that long unless something is broken.
inline constexpr std::chrono::seconds patience{20};

class QueueTest : public ::testing::Test {
 protected:
  QueueTest();
  void TearDown() override;

  [[nodiscard]] pg::Connection connect() const;
  [[nodiscard]] queue::ResourceId resource(const std::string& key, const std::string& owner = "");

  // A new operation of `repository`, from a webhook, with nothing else said.
  [[nodiscard]] queue::NewOperation event(const std::string& revision = "") const;
  queue::Ingested add(const queue::NewOperation& operation);
  // The same, outbound in the lane `github`, and of `owner` if one is named.
  [[nodiscard]] queue::NewOperation outbound_event(
      const std::optional<std::string>& owner = std::nullopt) const;
  // Adds one and expects it to wait.
  queue::OperationId add_waiting(const std::string& revision = "");
  queue::OperationId add_waiting_to(queue::ResourceId of);

  // Claims exactly one; fails the test otherwise.
  queue::Lease claim_one(const std::string& worker = "tester");
  [[nodiscard]] std::optional<queue::Lease> claim_now(const queue::ClaimOptions& options);
  queue::State end(const queue::Lease& lease, queue::Outcome outcome);
  queue::State complete(const queue::Lease& lease, const std::string& revision);
  queue::StepVerdict step(const queue::Lease& lease, const std::string& name,
                          bool is_interruptible = true,
                          std::optional<std::string> fetched = std::nullopt);
  // The database's clock is past the lease now.
  void expire(const queue::Lease& lease);
  void make_due(const queue::OperationId& id);

  [[nodiscard]] std::string column(const queue::OperationId& id, std::string_view name) const;
  [[nodiscard]] std::string state(const queue::OperationId& id) const;
  // "verified scheduled completed"
  [[nodiscard]] std::string history(const queue::OperationId& id) const;
  // "1:rescued 2:completed", a word for each attempt by fence; "open" has no end.
  [[nodiscard]] std::string attempts(const queue::OperationId& id) const;

  [[nodiscard]] queue::RunnerOptions runner_options(const std::string& worker = "runner") const;

  TestDatabase database;
  pg::Connection connection;
  queue::ResourceId repository;
};

// The code of the Error that `act` throws; "no error" when it throws none.
[[nodiscard]] std::string error_code(const std::function<void()>& act);

[[nodiscard]] base::TimePoint at(std::string_view rfc3339);

// A handler made of a function.
class FunctionHandler final : public queue::Handler {
 public:
  using Function = std::function<std::optional<queue::AttemptResult>(queue::Attempt&)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}
  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override {
    return function_(attempt);
  }

 private:
  Function function_;
};

// Waits on a condition, not for a time; false when it did not come within `patience`.
[[nodiscard]] bool eventually(const std::function<bool()>& condition);

}  // namespace devy::testing
