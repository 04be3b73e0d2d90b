#include "cli/commands/publishing/preview_json.hpp"

#include <string_view>
#include <unordered_set>

#include "cli/commands/publishing/file_errors.hpp"
#include "cli/commands/publishing/planned_post.hpp"
#include "core/publishing/store/left_out_json.hpp"

namespace devy::cli {
namespace {

using snapshot::ChangeKind;

Json paths(const snapshot::Changeset& changeset, ChangeKind kind) {
  auto array = Json::array();
  for (const auto& change : changeset.changes) {
    if (change.kind != kind) continue;
    if (kind == ChangeKind::renamed)
      array.push(Json::object({{"from", change.from}, {"to", change.path}}));
    else array.push(change.path);
  }
  return array;
}

Json posts_json(const std::vector<upload::PlannedPost>& posts, base::TimePoint now) {
  return json_array(posts, [&](const auto& post) { return planned_post_json(post, now); });
}

}  // namespace

snapshot::Changeset effective_changes(const upload::Preview& preview) {
  std::unordered_set<std::string_view> in_error;
  for (const auto& error : preview.file_errors)
    in_error.insert(error.path);
  auto effective = preview.changeset;
  std::erase_if(effective.changes, [&](const snapshot::Change& change) {
    return change.kind != ChangeKind::deleted && in_error.contains(change.path);
  });
  return effective;
}

Json changes_json(const upload::Preview& preview) {
  const auto changeset = effective_changes(preview);
  return Json::object(
      {{"blog", preview.blog},
       {"from_commit", preview.from_commit},
       {"to_commit", preview.to_commit},
       {"created", paths(changeset, ChangeKind::created)},
       {"updated", paths(changeset, ChangeKind::updated)},
       {"renamed", paths(changeset, ChangeKind::renamed)},
       {"deleted", paths(changeset, ChangeKind::deleted)},
       {"unchanged", changeset.unchanged},
       {"file_errors", json_array(preview.file_errors, file_error_json)},
       {"warnings", json_array(preview.warnings, file_error_json)},
       {"left_out", preview.left_out ? publishing::left_out_json(*preview.left_out) : Json()}});
}

Json preview_json(const upload::Preview& preview, base::TimePoint now) {
  return changes_json(preview)
      .set("held", preview.held)
      .set("posts", posts_json(preview.posts, now))
      .set("redirects", json_array(preview.redirects, redirect_json));
}

Json check_json(const std::string& directory, const upload::CheckReport& report,
                base::TimePoint now) {
  return Json::object({{"directory", directory},
                       {"posts", posts_json(report.posts, now)},
                       {"file_errors", json_array(report.file_errors, file_error_json)},
                       {"warnings", json_array(report.warnings, file_error_json)},
                       {"redirects", json_array(report.redirects, redirect_json)},
                       {"left_out", publishing::left_out_json(report.left_out)}});
}

Json verification_json(const reconcile::Verification& verification) {
  return Json::object({{"blog", verification.blog},
                       {"commit", verification.commit},
                       {"ok", verification.is_ok},
                       {"missing", verification.missing},
                       {"extra", verification.extra},
                       {"different", verification.different}});
}

}  // namespace devy::cli
