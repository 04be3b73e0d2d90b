#include <array>
#include <utility>

#include "core/mirror/records/document.hpp"

namespace devy::records {
namespace {

constexpr std::array milestone_columns{
    Column{"number", "number", Type::count},
    Column{"node_id", "node_id", Type::text},
    Column{"state", "state", Type::text},
    Column{"title", "title", Type::text, title_bytes_max},
    Column{"description", "description", Type::text, body_bytes_max},
    Column{"creator_id", "creator/id", Type::id},
    Column{"creator_login", "creator/login", Type::text},
    Column{"open_issues_count", "open_issues", Type::count},
    Column{"closed_issues_count", "closed_issues", Type::count},
    Column{"created_at", "created_at", Type::time},
    Column{"updated_at", "updated_at", Type::time},
    Column{"closed_at", "closed_at", Type::time},
    Column{"due_at", "due_on", Type::time},
};

}  // namespace

void process_milestone(const json::Value& document, const Origin& origin, Records& into) {
  constexpr auto relation = Relation::milestone;
  const auto repository_id = require_repository(relation, document, "repository/id", origin);
  auto record = dated_record(relation, document, milestone_columns, repository_id, origin);
  set_column(record.columns, "repository_id", repository_id);
  process_nested(document, "creator", Relation::user, process_user,
                 inside(document, repository_id, origin), into);
  into.add(std::move(record));
}

}  // namespace devy::records
