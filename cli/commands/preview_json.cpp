#include "cli/commands/preview_json.hpp"

#include <algorithm>

#include "cli/commands/file_errors.hpp"

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

}  // namespace

snapshot::Changeset effective_changes(const upload::Preview& preview) {
  auto effective = preview.changeset;
  std::erase_if(effective.changes, [&](const snapshot::Change& change) {
    const auto is_about = [&](const auto& error) { return error.path == change.path; };
    return change.kind != ChangeKind::deleted && std::ranges::any_of(preview.file_errors, is_about);
  });
  return effective;
}

Json preview_json(const upload::Preview& preview) {
  const auto changeset = effective_changes(preview);
  return Json::object({{"blog", preview.blog},
                       {"from_commit", preview.from_commit},
                       {"to_commit", preview.to_commit},
                       {"created", paths(changeset, ChangeKind::created)},
                       {"updated", paths(changeset, ChangeKind::updated)},
                       {"renamed", paths(changeset, ChangeKind::renamed)},
                       {"deleted", paths(changeset, ChangeKind::deleted)},
                       {"unchanged", changeset.unchanged},
                       {"file_errors", json_array(preview.file_errors, file_error_json)}});
}

Json check_json(const std::string& directory, const upload::CheckReport& report) {
  const auto post_json = [](const upload::CheckedPost& post) {
    return Json::object({{"path", post.path},
                         {"slug", post.slug},
                         {"title", post.title},
                         {"is_draft", post.is_draft}});
  };
  return Json::object({{"directory", directory},
                       {"posts", json_array(report.posts, post_json)},
                       {"file_errors", json_array(report.file_errors, file_error_json)},
                       {"warnings", json_array(report.warnings, file_error_json)}});
}

Json verification_json(const upload::Verification& verification) {
  return Json::object({{"blog", verification.blog},
                       {"commit", verification.commit},
                       {"ok", verification.is_ok},
                       {"missing", verification.missing},
                       {"extra", verification.extra},
                       {"different", verification.different}});
}

}  // namespace devy::cli
