#include <algorithm>
#include <array>
#include <utility>

#include "core/mirror/records/comparable.hpp"
#include "core/mirror/records/document.hpp"

namespace devy::records {
namespace {

constexpr std::array pull_request_columns{
    Column{"number", "number", Type::count},
    Column{"node_id", "node_id", Type::text},
    Column{"state", "state", Type::text},
    Column{"draft", "draft", Type::boolean},
    Column{"locked", "locked", Type::boolean},
    Column{"title", "title", Type::text, title_bytes_max},
    Column{"body", "body", Type::text, body_bytes_max},
    Column{"user_id", "user/id", Type::id},
    Column{"user_login", "user/login", Type::text},
    Column{"assignee_id", "assignee/id", Type::id},
    Column{"assignee_login", "assignee/login", Type::text},
    Column{"milestone_id", "milestone/id", Type::id},
    Column{"milestone_number", "milestone/number", Type::count},
    Column{"base_ref", "base/ref", Type::text},
    Column{"base_sha", "base/sha", Type::text},
    Column{"head_repo_id", "head/repo/id", Type::id},
    Column{"head_ref", "head/ref", Type::text},
    Column{"head_sha", "head/sha", Type::text},
    Column{"merge_commit_sha", "merge_commit_sha", Type::text},
    Column{"author_association", "author_association", Type::text},
    Column{"created_at", "created_at", Type::time},
    Column{"updated_at", "updated_at", Type::time},
    Column{"closed_at", "closed_at", Type::time},
    Column{"merged_at", "merged_at", Type::time},
};

// Documents in lists and in events of reviews lack these.
constexpr std::array detail_columns{
    Column{"merged", "merged", Type::boolean},
    Column{"merged_by_id", "merged_by/id", Type::id},
    Column{"merged_by_login", "merged_by/login", Type::text},
    Column{"mergeable", "mergeable", Type::boolean},
    Column{"mergeable_state", "mergeable_state", Type::text},
    Column{"comments_count", "comments", Type::count},
    Column{"review_comments_count", "review_comments", Type::count},
    Column{"commits_count", "commits", Type::count},
    Column{"additions", "additions", Type::count},
    Column{"deletions", "deletions", Type::count},
    Column{"changed_files", "changed_files", Type::count},
};

constexpr std::array pull_request_users{"user", "assignee", "merged_by"};
constexpr std::array pull_request_repositories{"base/repo", "head/repo"};

void add_details(const json::Value& document, const Origin& nested, Record& record) {
  for (auto& [name, value] : read_columns(document, detail_columns))
    record.columns.emplace_back(name, std::move(value));
  record.mergeable_is_unknown = document.has_name("mergeable") && !document.has("mergeable");
  if (record.mergeable_is_unknown)
    std::erase_if(record.columns, [](const auto& column) { return column.first == "mergeable"; });
  set_column(record.columns, "detail_at", nested.github_at);
}

}  // namespace

void process_pull_request(const json::Value& document, const Origin& origin, Records& into) {
  constexpr auto relation = Relation::pull_request;
  const auto repository_id = require_repository(relation, document, "base/repo/id", origin);
  auto record = dated_record(relation, document, pull_request_columns, repository_id, origin);
  set_column(record.columns, "repository_id", repository_id);
  const auto nested = inside(document, repository_id, origin);
  if (document.if_boolean("merged").has_value()) add_details(document, nested, record);

  for (const auto* path : pull_request_users)
    process_nested(document, path, Relation::user, process_user, nested, into);
  for (const auto* path : pull_request_repositories)
    process_nested(document, path, Relation::repository, process_repository, nested, into);
  process_nested(document, "milestone", Relation::milestone, process_milestone, nested, into);
  record.links = {
      .repository_id = repository_id,
      .number = number_of(document),
      .labels = process_labels(document, "labels", nested, into),
      .assignees = process_users(document, "assignees", nested, into),
      .requested_reviewers = process_users(document, "requested_reviewers", nested, into)};
  into.add(std::move(record));
}

bool is_detail(std::string_view column) {
  return column == "detail_at" || std::ranges::any_of(detail_columns, [&](const auto& detail) {
           return column == detail.name;
         });
}

}  // namespace devy::records
