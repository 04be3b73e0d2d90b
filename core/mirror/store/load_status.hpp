#pragma once
// How far a load is: its operation and those that it recorded, as one. Throws what pg::Connection
// throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::mirror {

// An operation of a load. The first one is the load's own.
struct LoadStep {
  base::OperationId id;
  std::string kind, target;
  std::optional<int> slot;  // of a part
  std::optional<std::int64_t> repository_id;
  std::string requested_by;              // empty: nobody in particular
  std::optional<std::int64_t> actor_id;  // the user of GitHub in whose name GitHub is asked
  queue::State state = queue::State::received;
  int attempt = 0;
  base::TimePoint created_at{};
  std::optional<base::TimePoint> run_at, started_at, finished_at;
  std::string error_code, error_text, error_hint;
};

struct LoadProgress {
  std::int64_t parts = 0, parts_done = 0, requests = 0, items = 0, applied = 0, stale = 0, gone = 0;
  // Nothing where a list does not tell how long it is.
  std::optional<std::int64_t> items_expected;
};

// The words that the routes of the mirror use (mirror.md, section 8).
enum class LoadState { pending, started, retry, success, failure, revoked };
[[nodiscard]] std::string_view to_string(LoadState state);

struct Load {
  std::vector<LoadStep> steps;
  LoadProgress progress;
  std::string phase;  // of the scans, where there are any

  [[nodiscard]] const LoadStep& own() const { return steps.front(); }
  // The state of the whole: success when every step was one.
  [[nodiscard]] LoadState state() const;
  [[nodiscard]] bool is_over() const;
  // A step that a person is asked about; null when there is none. Nothing else happens meanwhile.
  [[nodiscard]] const LoadStep* held() const;
  // The first step that ended as it should not.
  [[nodiscard]] const LoadStep* first_failed() const;
};
// Throws Error(not_found) for what is no operation of the mirror.
[[nodiscard]] Load load_status(pg::Connection& connection, const base::OperationId& id);
[[nodiscard]] LoadState state_of(const LoadStep& step);
[[nodiscard]] json::Json load_json(const Load& load);

}  // namespace devy::mirror
