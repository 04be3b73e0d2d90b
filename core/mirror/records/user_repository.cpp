#include <array>
#include <utility>

#include "core/mirror/records/document.hpp"

namespace devy::records {
namespace {

struct Permission {
  const char* name;  // in `permissions`
  const char* column;
  const char* role;  // the least one that has it
};

// From the least to the most; each role has what the ones before it have.
constexpr std::array permissions{
    Permission{"pull", "can_pull", "read"},    Permission{"triage", "can_triage", "triage"},
    Permission{"push", "can_push", "write"},   Permission{"maintain", "can_maintain", "maintain"},
    Permission{"admin", "can_admin", "admin"},
};

// How many of the permissions a role has; nothing for an organization's own role.
std::optional<std::size_t> permission_count(std::string_view role) {
  if (role == "none") return 0;
  for (std::size_t i = 0; i < permissions.size(); ++i)
    if (permissions.at(i).role == role) return i + 1;
  return std::nullopt;
}

json::Json::Fields permission_columns(const json::Value& document, const std::string& path) {
  json::Json::Fields columns;
  for (const auto& permission : permissions)
    if (const auto truth = document.if_boolean(path + "/" + permission.name))
      columns.emplace_back(permission.column, *truth);
  return columns;
}

void add_permissions(json::Json::Fields columns, const Member& member, const Origin& origin,
                     Records& into) {
  Record record{.relation = Relation::user_repository,
                .id = member.user_id,
                .second_id = member.repository_id,
                .columns = std::move(columns)};
  date_by_origin(record, is_believed(origin, member.repository_id), origin);
  into.add(std::move(record));
}

}  // namespace

void process_user_repository(const json::Value& repository, std::int64_t user_id,
                             const Origin& origin, Records& into) {
  const auto id = require_id(Relation::user_repository, repository);
  auto columns = permission_columns(repository, "permissions");
  if (columns.empty())
    refuse_document(Relation::user_repository, repository, "permissions", "permissions");
  add_permissions(std::move(columns), {user_id, id}, origin, into);
}

void process_permission(const json::Value& document, const Origin& origin, Records& into) {
  const Member member{
      require_id(Relation::user_repository, document, "user/id"),
      require_repository(Relation::user_repository, document, "repository/id", origin)};
  auto columns = permission_columns(document, "user/permissions");
  // Older servers name the role alone, and the oldest call `maintain` write.
  if (columns.empty()) {
    const auto role = document.if_text(document.has("role_name") ? "role_name" : "permission");
    if (!role || !add_role(*role, member, origin, into))
      refuse_document(Relation::user_repository, document, "permission", "a role of GitHub");
  } else {
    add_permissions(std::move(columns), member, origin, into);
  }
  process_nested(document, "user", Relation::user, process_user,
                 inside(document, member.repository_id, origin), into);
}

bool add_role(std::string_view role, const Member& member, const Origin& origin, Records& into) {
  const auto count = permission_count(role);
  if (!count) return false;
  json::Json::Fields columns;
  for (std::size_t i = 0; i < permissions.size(); ++i)
    columns.emplace_back(permissions.at(i).column, i < *count);
  add_permissions(std::move(columns), member, origin, into);
  return true;
}

}  // namespace devy::records
