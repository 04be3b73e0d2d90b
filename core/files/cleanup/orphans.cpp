// Looks for bytes that no row knows (cleanup_handler.hpp).
#include <algorithm>

#include "core/files/cleanup/cleanup_handler.hpp"

namespace devy::cleanup {
namespace {

// So many may go without a person looking: more look like a mistake somewhere.
constexpr std::uint64_t orphans_unasked_min = 100, orphans_unasked_percent = 5;
// The limit of one round; the rest is found by the next.
constexpr std::size_t orphans_max = 100'000;

}  // namespace

bool Orphans::are_many() const {
  return orphans.size() > std::max(orphans_unasked_min, contents * orphans_unasked_percent / 100);
}

Orphans find_orphans(pg::Connection& connection, const storage::Disk& disk, base::TimePoint now,
                     const std::function<void(std::uint64_t contents)>& on_found) {
  Orphans found;
  std::vector<files::Orphan> candidates;
  const auto look = [&] {
    for (const auto& orphan : files::without_row(connection, candidates))
      if (found.orphans.size() < orphans_max) found.orphans.push_back(orphan);
    candidates.clear();
  };
  const auto old_until = now - orphan_age;
  disk.list([&](const storage::Disk::Found& file) {
    if (!file.sha256) return;
    on_found(++found.contents);
    if (file.written_at > old_until) return;
    candidates.push_back({*file.sha256, file.size});
    if (candidates.size() == rows_max) look();
  });
  look();
  return found;
}

}  // namespace devy::cleanup
