#include <array>
#include <utility>

#include "core/mirror/records/document.hpp"

namespace devy::records {
namespace {

constexpr std::array user_columns{
    Column{"node_id", "node_id", Type::text},
    Column{"login", "login", Type::text},
    Column{"type", "type", Type::text},
    Column{"site_admin", "site_admin", Type::boolean},
    Column{"avatar_url", "avatar_url", Type::text, address_bytes_max},
};

constexpr std::array profile_columns{
    Column{"name", "name", Type::text},
    Column{"company", "company", Type::text},
    Column{"blog", "blog", Type::text, address_bytes_max},
    Column{"location", "location", Type::text},
    Column{"email", "email", Type::text},
    Column{"hireable", "hireable", Type::boolean},
    Column{"bio", "bio", Type::text, body_bytes_max},
    Column{"public_repos_count", "public_repos", Type::count},
    Column{"public_gists_count", "public_gists", Type::count},
    Column{"followers_count", "followers", Type::count},
    Column{"following_count", "following", Type::count},
    Column{"created_at", "created_at", Type::time},
    Column{"updated_at", "updated_at", Type::time},
};

}  // namespace

void process_user(const json::Value& document, const Origin& origin, Records& into) {
  Record record{.relation = Relation::user, .id = require_id(Relation::user, document)};
  date_by_origin(record, !origin.scope, origin);
  record.columns = read_columns(document, user_columns);
  // Only the whole form counts followers.
  if (document.has("followers"))
    for (auto& [name, value] : read_columns(document, profile_columns))
      record.columns.emplace_back(name, std::move(value));
  into.add(std::move(record));
}

}  // namespace devy::records
