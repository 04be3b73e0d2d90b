#include <algorithm>
#include <array>
#include <utility>

#include "core/mirror/records/document.hpp"

namespace devy::records {
namespace {

constexpr std::array hook_columns{
    Column{"name", "name", Type::text},
    Column{"url", "config/url", Type::text, address_bytes_max},
    Column{"config", "config", Type::document},
    Column{"events", "events", Type::texts},
    Column{"active", "active", Type::boolean},
    Column{"last_response", "last_response", Type::document},
    Column{"created_at", "created_at", Type::time},
    Column{"updated_at", "updated_at", Type::time},
};

}  // namespace

void process_repository_hook(const json::Value& document, const Origin& origin, Records& into) {
  // A ping comes from hooks of organizations and Apps too.
  constexpr auto relation = Relation::repository_hook;
  if (document.has("type") && document.if_text("type") != "Repository")
    refuse_document(relation, document, "type", "'Repository'");
  const auto repository_id = require_repository(relation, document, "repository/id", origin);
  auto record = dated_record(relation, document, hook_columns, repository_id, origin);
  set_column(record.columns, "repository_id", repository_id);
  into.add(std::move(record));
}

}  // namespace devy::records
