#include <array>
#include <utility>

#include "core/mirror/records/document.hpp"

namespace devy::records {
namespace {

constexpr std::array issue_columns{
    Column{"number", "number", Type::count},
    Column{"node_id", "node_id", Type::text},
    Column{"state", "state", Type::text},
    Column{"state_reason", "state_reason", Type::text},
    Column{"type", "type/name", Type::text},
    Column{"title", "title", Type::text, title_bytes_max},
    Column{"body", "body", Type::text, body_bytes_max},
    Column{"user_id", "user/id", Type::id},
    Column{"user_login", "user/login", Type::text},
    Column{"assignee_id", "assignee/id", Type::id},
    Column{"assignee_login", "assignee/login", Type::text},
    Column{"closed_by_id", "closed_by/id", Type::id},
    Column{"closed_by_login", "closed_by/login", Type::text},
    Column{"milestone_id", "milestone/id", Type::id},
    Column{"milestone_number", "milestone/number", Type::count},
    Column{"locked", "locked", Type::boolean},
    Column{"active_lock_reason", "active_lock_reason", Type::text},
    Column{"comments_count", "comments", Type::count},
    Column{"reactions_count", "reactions/total_count", Type::count},
    Column{"author_association", "author_association", Type::text},
    Column{"created_at", "created_at", Type::time},
    Column{"updated_at", "updated_at", Type::time},
    Column{"closed_at", "closed_at", Type::time},
};

constexpr std::array issue_users{"user", "assignee", "closed_by"};

}  // namespace

void process_issue(const json::Value& document, const Origin& origin, Records& into) {
  constexpr auto relation = Relation::issue;
  const auto repository_id = require_repository(relation, document, "repository/id", origin);
  auto record = dated_record(relation, document, issue_columns, repository_id, origin);
  set_column(record.columns, "repository_id", repository_id);
  set_column(record.columns, "is_pull_request", document.has("pull_request"));
  // Payloads have no `closed_by`, so the one of an earlier answer would stay when it is reopened.
  if (document.if_text("state") == "open")
    for (const auto* name : {"closed_by_id", "closed_by_login"})
      set_column(record.columns, name, nullptr);

  const auto nested = inside(document, repository_id, origin);
  for (const auto* path : issue_users)
    process_nested(document, path, Relation::user, process_user, nested, into);
  process_nested(document, "milestone", Relation::milestone, process_milestone, nested, into);
  record.links = {.repository_id = repository_id,
                  .number = number_of(document),
                  .labels = process_labels(document, "labels", nested, into),
                  .assignees = process_users(document, "assignees", nested, into)};
  into.add(std::move(record));
}

}  // namespace devy::records
