#include <array>
#include <charconv>
#include <utility>

#include "core/mirror/records/document.hpp"

namespace devy::records {
namespace {

constexpr std::array comment_columns{
    Column{"user_id", "user/id", Type::id},
    Column{"user_login", "user/login", Type::text},
    Column{"body", "body", Type::text, body_bytes_max},
    Column{"created_at", "created_at", Type::time},
    Column{"updated_at", "updated_at", Type::time},
};

// The number at the end of the issue's address, which is all that a comment tells of its issue.
std::optional<std::int32_t> issue_number_of(const json::Value& document) {
  const auto address = document.if_text("issue_url");
  if (!address) return std::nullopt;
  const auto digits = std::string_view(*address).substr(address->rfind('/') + 1);
  std::int32_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size() || number < 1)
    return std::nullopt;
  return number;
}

}  // namespace

void process_issue_comment(const json::Value& document, const Origin& origin, Records& into) {
  constexpr auto relation = Relation::issue_comment;
  const auto repository_id = require_repository(relation, document, "repository/id", origin);
  auto record = dated_record(relation, document, comment_columns, repository_id, origin);
  set_column(record.columns, "repository_id", repository_id);
  if (const auto number = issue_number_of(document)) set_column(record.columns, "number", *number);
  process_nested(document, "user", Relation::user, process_user,
                 inside(document, repository_id, origin), into);
  into.add(std::move(record));
}

}  // namespace devy::records
