#include <array>
#include <utility>

#include "core/mirror/records/document.hpp"

namespace devy::records {
namespace {

constexpr std::array label_columns{
    Column{"node_id", "node_id", Type::text},
    Column{"name", "name", Type::text},
    Column{"color", "color", Type::text},
    Column{"description", "description", Type::text},
    Column{"is_default", "default", Type::boolean},
};

}  // namespace

void process_label(const json::Value& document, const Origin& origin, Records& into) {
  constexpr auto relation = Relation::label;
  Record record{.relation = relation, .id = require_id(relation, document)};
  const auto repository_id = require_repository(relation, document, "repository/id", origin);
  date_by_origin(record, is_believed(origin, repository_id), origin);
  record.columns = read_columns(document, label_columns);
  set_column(record.columns, "repository_id", repository_id);
  into.add(std::move(record));
}

}  // namespace devy::records
