#include "core/publishing/plan/guard.hpp"

namespace devy::plan {
namespace {

std::string figures(std::size_t deleted, std::size_t posts) {
  return "it would delete " + std::to_string(deleted) + " of " + std::to_string(posts) + " posts";
}

}  // namespace

std::optional<std::string> hold_reason(const snapshot::Changeset& changeset, std::size_t posts,
                                       int max_delete_percent) {
  const auto deleted = changeset.count(snapshot::ChangeKind::deleted);
  if (deleted == 0 || posts == 0) return std::nullopt;
  if (deleted >= posts && changeset.changes.size() == deleted && changeset.unchanged == 0)
    return figures(deleted, posts) + ", which would leave none";
  if (deleted >= held_deletions_min &&
      deleted * 100 > posts * static_cast<std::size_t>(max_delete_percent))
    return figures(deleted, posts) + ", more than " + std::to_string(max_delete_percent) + " %";
  return std::nullopt;
}

std::optional<std::string> hold_reason(const PublishPlan& plan, std::size_t posts) {
  if (posts == 0 || plan.deletes.size() < posts || !plan.writes.empty()) return std::nullopt;
  return figures(plan.deletes.size(), posts) + ", and no other file can be published";
}

}  // namespace devy::plan
