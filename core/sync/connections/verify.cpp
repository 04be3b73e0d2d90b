#include "core/sync/connections/verify.hpp"

#include <algorithm>
#include <span>

namespace devy::connections {
namespace {

constexpr std::size_t repairs_at_a_time = 200;

}  // namespace

std::int64_t repair(pg::Connection& connection, const std::string& connection_id,
                    const sync::Comparison& comparison, const Commit& commit) {
  std::int64_t repaired = 0;
  for (const auto* differences : {&comparison.missing, &comparison.extra, &comparison.different}) {
    std::span<const sync::Difference> rest(*differences);
    while (!rest.empty()) {
      const auto batch = rest.first(std::min(rest.size(), repairs_at_a_time));
      static_cast<void>(
          commit([&] { repaired += sync::record_repairs(connection, connection_id, batch); }));
      rest = rest.subspan(batch.size());
    }
  }
  return repaired;
}

}  // namespace devy::connections
