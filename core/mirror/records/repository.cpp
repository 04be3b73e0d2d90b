#include <algorithm>
#include <array>
#include <utility>

#include "core/mirror/records/document.hpp"

namespace devy::records {
namespace {

constexpr std::array repository_columns{
    Column{"node_id", "node_id", Type::text},
    Column{"name", "name", Type::text},
    Column{"owner_id", "owner/id", Type::id},
    Column{"owner_login", "owner/login", Type::text},
    Column{"organization_id", "organization/id", Type::id},
    Column{"organization_login", "organization/login", Type::text},
    Column{"private", "private", Type::boolean},
    Column{"visibility", "visibility", Type::text},
    Column{"description", "description", Type::text, body_bytes_max},
    Column{"homepage", "homepage", Type::text, address_bytes_max},
    Column{"language", "language", Type::text},
    Column{"topics", "topics", Type::texts},
    Column{"default_branch", "default_branch", Type::text},
    Column{"fork", "fork", Type::boolean},
    Column{"parent_id", "parent/id", Type::id},
    Column{"archived", "archived", Type::boolean},
    Column{"disabled", "disabled", Type::boolean},
    Column{"is_template", "is_template", Type::boolean},
    Column{"size", "size", Type::count},
    Column{"stargazers_count", "stargazers_count", Type::count},
    Column{"watchers_count", "watchers_count", Type::count},
    Column{"forks_count", "forks_count", Type::count},
    Column{"open_issues_count", "open_issues_count", Type::count},
    Column{"has_issues", "has_issues", Type::boolean},
    Column{"has_projects", "has_projects", Type::boolean},
    Column{"has_downloads", "has_downloads", Type::boolean},
    Column{"has_wiki", "has_wiki", Type::boolean},
    Column{"has_pages", "has_pages", Type::boolean},
    Column{"has_discussions", "has_discussions", Type::boolean},
    Column{"created_at", "created_at", Type::time},
    Column{"updated_at", "updated_at", Type::time},
    Column{"pushed_at", "pushed_at", Type::time},
};

// Only a repository's own answer names its organization, which is its owner. Without this a
// repository that went to a person would keep it.
void complete_organization(const json::Value& document, json::Json::Fields& columns) {
  if (document.has_name("organization") && !document.if_text("organization")) return;
  const auto type = document.if_text("owner/type");
  if (!type) return;
  const bool is_owner = *type == "Organization";
  for (const auto& [name, owner] :
       {std::pair("organization_id", "owner_id"), std::pair("organization_login", "owner_login")})
    if (!is_owner) set_column(columns, name, nullptr);
    else if (const auto* value = find_column(columns, owner))
      set_column(columns, name, json::Json(*value));
}

// The short form that an installation lists has `full_name`, but no owner.
void complete_owner(const json::Value& document, json::Json::Fields& columns) {
  if (find_column(columns, "owner_login") != nullptr) return;
  const auto full_name = document.if_text("full_name");
  if (!full_name || full_name->size() > short_bytes_max) return;
  const auto slash = full_name->find('/');
  if (slash != std::string::npos) set_column(columns, "owner_login", full_name->substr(0, slash));
}

}  // namespace

void process_repository(const json::Value& document, const Origin& origin, Records& into) {
  const auto id = require_id(Relation::repository, document);
  auto record = dated_record(Relation::repository, document, repository_columns, id, origin);
  complete_organization(document, record.columns);
  complete_owner(document, record.columns);
  // A push changes `pushed_at` alone.
  if (record.github_at)
    record.github_at = std::max(record.github_at, read_time(document, "pushed_at"));
  auto nested = inside(document, id, origin);
  if (record.github_at) nested.github_at = record.github_at;
  process_nested(document, "owner", Relation::user, process_user, nested, into);
  into.add(std::move(record));
}

}  // namespace devy::records
