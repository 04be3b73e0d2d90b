#include "core/mirror/records/without_identity.hpp"

#include <algorithm>
#include <array>

namespace devy::records {
namespace {

constexpr std::array<std::string_view, 8> identity{
    "fork",     "name",        "node_id",  "organization_id", "organization_login",
    "owner_id", "owner_login", "parent_id"};

bool says_private(const Record& repository) {
  return std::ranges::any_of(repository.columns, [](const auto& column) {
    return column.first == "private" && column.second.compact() == "true";
  });
}

}  // namespace

Record without_identity(Record repository) {
  const bool is_private = says_private(repository);
  std::erase_if(repository.columns, [&](const auto& column) {
    const auto& name = column.first;
    return std::ranges::find(identity, name) != identity.end() ||
           (!is_private && (name == "private" || name == "visibility"));
  });
  return repository;
}

}  // namespace devy::records
