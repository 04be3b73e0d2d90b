#pragma once
// Difference between two snapshots of one repository. Pure: no git, no database. Order is stable
// (by path), so equal inputs give equal changesets. A rename is reported when the blob is
// identical; pair_similar() adds pairs that the caller has found to be moved and edited. An entry
// whose blob or origin differs is updated.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/platform/snapshot/snapshot.hpp"

namespace devy::snapshot {

enum class ChangeKind { created, updated, renamed, deleted };
[[nodiscard]] std::string_view to_string(ChangeKind kind);

struct Change {
  ChangeKind kind = ChangeKind::created;
  std::string path;  // deleted: the path that was removed
  BlobId blob;       // deleted: the blob that was removed
  std::string from;  // renamed: the old path
  bool operator==(const Change&) const = default;
};

struct Changeset {
  std::vector<Change> changes;  // ordered by path
  std::size_t unchanged = 0;
  [[nodiscard]] std::size_t count(ChangeKind kind) const;
  bool operator==(const Changeset&) const = default;
};

[[nodiscard]] Changeset difference(const Snapshot& before, const Snapshot& after);

// Turns each (from, to) that is still a delete and a create into a rename.
void pair_similar(Changeset& changeset,
                  const std::vector<std::pair<std::string, std::string>>& pairs);

}  // namespace devy::snapshot
