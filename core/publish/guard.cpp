#include "core/publish/guard.hpp"

namespace devy::publish {

std::optional<std::string> why_held(const snapshot::Changeset& changeset, std::size_t posts,
                                    int max_delete_percent) {
  const auto deleted = changeset.count(snapshot::ChangeKind::deleted);
  if (deleted == 0 || posts == 0) return std::nullopt;
  const auto figures = "it would delete " + std::to_string(deleted) + " of " +
                       std::to_string(posts) + " posts";
  if (deleted >= posts && changeset.changes.size() == deleted && changeset.unchanged == 0)
    return figures + ", which would leave none";
  if (deleted >= held_deletions_min &&
      deleted * 100 > posts * static_cast<std::size_t>(max_delete_percent))
    return figures + ", more than " + std::to_string(max_delete_percent) + " %";
  return std::nullopt;
}

}  // namespace devy::publish
