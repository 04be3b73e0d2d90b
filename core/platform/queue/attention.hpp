#pragma once
// Operations of any kind that somebody may have to see to: the one that has been due for longest,
// those that are held, and those whose resource ended in a failure last. Each read looks at a
// bounded number of rows, whatever the queue holds. Throws what pg::Connection throws.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

struct Noticed {
  std::string id, kind, owner;
  base::TimePoint since;  // when it fell due, was recorded, or failed
  std::optional<std::string> error_code, error_text;
};

// Looks at all lanes; what is paused by its kind or resource is not due.
[[nodiscard]] std::optional<Noticed> longest_due(pg::Connection& connection);

// Failed and held operations that are looked at for the next two.
inline constexpr int attention_looked_at_max = 5'000;
// The newest come first.
[[nodiscard]] std::vector<Noticed> newest_held(pg::Connection& connection, int limit);
// Failed operations behind which nothing of the same resource and direction completed or failed.
[[nodiscard]] std::vector<Noticed> newest_failing(pg::Connection& connection, int limit);

// The newest operation of each of these resources, by the resource; at most 100 are looked for.
[[nodiscard]] std::map<ResourceId, std::string> newest_of_resources(
    pg::Connection& connection, const std::vector<std::string>& resources);

}  // namespace devy::queue
