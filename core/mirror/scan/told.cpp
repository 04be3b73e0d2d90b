#include "core/mirror/scan/told.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/mirror/records/process.hpp"
#include "core/mirror/records/without_identity.hpp"

namespace devy::scan {
namespace {

constexpr std::array<Meaning, 12> table_of_meanings{{
    {"issues", "issue", "issues"},
    {"issue_comment", "issue", "issues"},
    {"issue_comment", "comment", "comments"},
    {"label", "label", "labels"},
    {"milestone", "milestone", "milestones"},
    {"pull_request", "pull_request", "pulls"},
    {"pull_request_review", "pull_request", "pulls"},
    {"pull_request_review_comment", "pull_request", "pulls"},
    {"pull_request_review_thread", "pull_request", "pulls"},
    {"ping", "hook", "hooks"},
    {"meta", "hook", "hooks"},
    {"member", "member", "collaborators", true},
}};

records::Records believed(const records::Records& told) {
  records::Records records;
  for (const auto relation : records::relations)
    for (const auto* record : told.of(relation))
      records.add(relation == records::Relation::repository && !record->is_added_only
                      ? records::without_identity(*record)
                      : *record);
  return records;
}

}  // namespace

std::span<const Meaning> meanings() {
  return table_of_meanings;
}

std::string_view member_of_list(std::string_view list) {
  const auto found = std::ranges::find(table_of_meanings, list, &Meaning::list);
  return found == table_of_meanings.end() ? std::string_view() : found->member;
}

bool is_end(const Meaning& meaning, std::string_view action) {
  // Reviews are deleted, and pull requests are not; a comment's end is not that of its issue.
  const bool is_own_event = !meaning.is_only_a_reason &&
                            !meaning.event.starts_with("pull_request") &&
                            (meaning.event != "issue_comment" || meaning.list == "comments");
  return is_own_event && (action == "deleted" || action == "transferred");
}

records::Records records_of(const Told& told) {
  records::Origin origin;
  origin.via = records::Via::webhook;
  if (told.scope.reach == webhook::Reach::repository) origin.scope = told.scope.github_id;
  origin.fetched_at = told.received_at;
  origin.github_at = told.received_at;
  origin.repository_id = told.repository_id;
  records::Records records;
  told.list.process(told.payload.at(told.member), origin, records);
  if (const auto repository = told.payload.find("repository"))
    records::process_repository(*repository, origin, records);
  return told.scope.reach == webhook::Reach::app ? records : believed(records);
}

std::optional<mirror::RowEnd> end_of(const Told& told) {
  if (!is_end({told.event, told.member, told.list.name}, told.action)) return std::nullopt;
  mirror::RowEnd end;
  end.list = told.list.name;
  end.id = told.payload.integer(std::string(told.member) + "/id");
  end.reason = told.action;
  end.at = told.received_at;
  end.repository_id = told.repository_id;
  if (told.action == "transferred") {
    end.moved_to = told.payload.if_text("changes/new_repository/full_name").value_or("");
    end.moved_number = told.payload.if_integer("changes/new_issue/number").value_or(0);
  }
  return end;
}

}  // namespace devy::scan
