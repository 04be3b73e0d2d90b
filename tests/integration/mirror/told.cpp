#include "tests/integration/mirror/told.hpp"

#include <array>

#include "core/mirror/records/process.hpp"
#include "core/mirror/records/without_identity.hpp"
#include "core/mirror/scan/list.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::mirror {
namespace interleavings_test {
namespace {

constexpr std::size_t document_bytes_max = 4'000'000;

// What a delivery tells of: the payload's member, and the list of that.
struct Meant {
  std::string_view event, member, list;
};
constexpr std::array<Meant, 11> meant{{{"issues", "issue", "issues"},
                                       {"issue_comment", "issue", "issues"},
                                       {"issue_comment", "comment", "comments"},
                                       {"label", "label", "labels"},
                                       {"milestone", "milestone", "milestones"},
                                       {"pull_request", "pull_request", "pulls"},
                                       {"pull_request_review", "pull_request", "pulls"},
                                       {"pull_request_review_comment", "pull_request", "pulls"},
                                       {"pull_request_review_thread", "pull_request", "pulls"},
                                       {"ping", "hook", "hooks"},
                                       {"meta", "hook", "hooks"}}};

Told told_of(const Meant& meaning, const json::Value& payload, const Delivered& delivered) {
  const auto& list = *scan::find_list(meaning.list);
  records::Origin origin;
  origin.via = records::Via::webhook;
  if (!delivered.is_of_app) origin.scope = delivered.repository_id;
  origin.fetched_at = delivered.received_at;
  origin.github_at = delivered.received_at;
  origin.repository_id = delivered.repository_id;
  const auto action = payload.if_text("action").value_or("");
  Told told;
  told.words = delivered.event + "." + action + " of " + std::string(meaning.member) +
               ", received at " + base::format_rfc3339(delivered.received_at);
  told.options = {records::Via::webhook, delivered.received_at, std::nullopt, list.relation};
  records::Records all;
  list.process(payload.at(meaning.member), origin, all);
  records::process_repository(payload.at("repository"), origin, all);
  for (const auto relation : records::relations)
    for (const auto* record : all.of(relation))
      told.records.add(!delivered.is_of_app && relation == records::Relation::repository &&
                               !record->is_added_only
                           ? records::without_identity(*record)
                           : *record);
  const bool is_own = meaning.event != "issue_comment" || meaning.list == "comments";
  const bool has_ends = !meaning.event.starts_with("pull_request");
  if (is_own && has_ends && (action == "deleted" || action == "transferred")) {
    RowEnd end;
    end.list = list.name;
    end.id = payload.integer(std::string(meaning.member) + "/id");
    end.reason = action;
    end.at = delivered.received_at;
    end.repository_id = delivered.repository_id;
    told.ends.push_back(end);
  }
  return told;
}

}  // namespace

json::Value parsed_document(std::string_view text) {
  return json::parse(text, {.name = "a document", .bytes_max = document_bytes_max});
}

std::vector<Told> told_by_delivery(const Delivered& delivered) {
  const auto payload = parsed_document(delivered.payload);
  std::vector<Told> all;
  for (const auto& meaning : meant)
    if (meaning.event == delivered.event) all.push_back(told_of(meaning, payload, delivered));
  return all;
}

}  // namespace interleavings_test
}  // namespace devy::mirror
