#include "core/mirror/records/comparable.hpp"

#include <algorithm>

namespace devy::records {
namespace {

bool is_merged(const Record& pull_request) {
  return std::ranges::any_of(pull_request.columns, [](const auto& column) {
    return column.first == "merged_at" && column.second.compact() != "null";
  });
}

}  // namespace

Record comparable(Record record) {
  if (record.relation == Relation::repository_hook)
    std::erase_if(record.columns,
                  [](const auto& column) { return column.first == "last_response"; });
  if (record.relation == Relation::issue)
    std::erase_if(record.columns,
                  [](const auto& column) { return column.first.starts_with("closed_by_"); });
  if (record.relation != Relation::pull_request) return record;
  const bool has_merge = is_merged(record);
  std::erase_if(record.columns, [&](const auto& column) {
    return is_detail(column.first) || (!has_merge && column.first == "merge_commit_sha");
  });
  record.mergeable_is_unknown = false;
  return record;
}

}  // namespace devy::records
