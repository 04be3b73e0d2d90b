#include "core/platform/snapshot/snapshot.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"

namespace devy::snapshot {

void Snapshot::seal() {
  std::ranges::sort(entries, {}, &Entry::path);
  const auto twice = std::ranges::adjacent_find(entries, {}, &Entry::path);
  if (twice != entries.end())
    throw base::Error(base::ErrorKind::internal,
                      "unable to take a snapshot: path '" + twice->path + "' is there twice");
}

const Entry* Snapshot::find(std::string_view path) const {
  const auto found = std::ranges::lower_bound(entries, path, {}, &Entry::path);
  return found != entries.end() && found->path == path ? &*found : nullptr;
}

}  // namespace devy::snapshot
