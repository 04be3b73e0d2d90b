#include "core/mirror/scan/list.hpp"

#include <array>

namespace devy::scan {
namespace {

using records::Relation;

constexpr std::array<List, 8> table{
    List{"labels", "labels", Relation::label, records::process_label, Paging::by_number, false, "",
         false},
    List{"milestones", "milestones", Relation::milestone, records::process_milestone,
         Paging::by_number, true, "", false},
    List{"issues", "issues", Relation::issue, records::process_issue, Paging::by_time, true,
         "&sort=updated&direction=asc", false},
    List{"pulls", "pulls", Relation::pull_request, records::process_pull_request, Paging::by_number,
         true, "&sort=created&direction=asc", false},
    List{"hooks", "hooks", Relation::repository_hook, records::process_repository_hook,
         Paging::by_number, false, "", true},
    List{"files", "pulls", Relation::pull_request, records::process_pull_request, Paging::by_row,
         false, "", false},
    List{"comments", "issues/comments", Relation::issue_comment, records::process_issue_comment,
         Paging::by_time, false, "&sort=updated&direction=asc", false},
    List{"collaborators", "collaborators", Relation::user_repository, records::process_permission,
         Paging::by_key, false, "", false, "/permission"},
};

}  // namespace

std::span<const List> lists() {
  return table;
}

const List* find_list(std::string_view name) {
  for (const auto& list : table)
    if (name == list.name) return &list;
  return nullptr;
}

std::string newest_changes_address(const List& list, std::int64_t repository_id) {
  return "/repositories/" + std::to_string(repository_id) + "/" + list.path +
         "?per_page=100&state=all&sort=updated&direction=desc";
}

std::string list_address(const List& list, std::int64_t repository_id, std::string_view state,
                         int page_size) {
  auto address = "/repositories/" + std::to_string(repository_id) + "/" + list.path +
                 "?per_page=" + std::to_string(page_size);
  if (list.has_states) address.append("&state=").append(state);
  return address + list.query;
}

}  // namespace devy::scan
