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

namespace {

Json error_json(const std::exception_ptr& failure) {
  if (!failure) return {};
  try {
    std::rethrow_exception(failure);
  } catch (const base::Error& error) {
    return Json::object(
        {{"code", error.code()}, {"message", error.text()}, {"hint", error.hint()}});
  }
}

}  // namespace

Json verification_json(const VerifiedBlog& blog) {
  const auto& verification = blog.verification;
  return Json::object({{"blog", verification.blog},
                       {"commit", verification.commit},
                       {"ok", verification.is_ok},
                       {"missing", verification.missing},
                       {"extra", verification.extra},
                       {"different", verification.different},
                       {"would_repair", blog.would_repair},
                       {"repair", blog.repair},
                       {"error", error_json(blog.error)}});
}

}  // namespace devy::cli
