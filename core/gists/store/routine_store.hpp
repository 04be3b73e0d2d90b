#pragma once
// Routines: rounds of scans, and what each added. Throws what pg::Connection throws; one thread a
// connection.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::gists {

struct Routine {
  std::int64_t id = 0;
  std::string reason;  // timer, operator
  base::TimePoint started_at{};
  std::optional<base::TimePoint> finished_at;
  std::int64_t pending = 0, users = 0, failed = 0, gists = 0, files = 0;
};
struct AddedGist {
  std::string gist, login;
};

// The newest first.
[[nodiscard]] std::vector<Routine> list_routines(pg::Connection& connection, int limit);
[[nodiscard]] std::optional<Routine> find_routine(pg::Connection& connection, std::int64_t id);
[[nodiscard]] std::vector<AddedGist> gists_of_routine(pg::Connection& connection, std::int64_t id,
                                                      int limit);

[[nodiscard]] json::Json routine_json(const Routine& routine);

}  // namespace devy::gists
