#include "tests/integration/mirror/told.hpp"

#include "core/mirror/scan/told.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::mirror {
namespace interleavings_test {
namespace {

constexpr std::size_t document_bytes_max = 4'000'000;

Told told_of(const scan::Meaning& meaning, const json::Value& payload, const Delivered& delivered) {
  const auto& list = *scan::find_list(meaning.list);
  const auto action = payload.if_text("action").value_or("");
  Told told;
  told.words = delivered.event + "." + action + " of " + std::string(meaning.member) +
               ", received at " + base::format_rfc3339(delivered.received_at);
  told.options = {records::Via::webhook, delivered.received_at, std::nullopt, list.relation};
  webhook::Scope scope{webhook::Reach::app};
  if (!delivered.is_of_app) scope = webhook::Scope::of_repository(delivered.repository_id);
  const scan::Told thing{payload,
                         delivered.event,
                         action,
                         meaning.member,
                         list,
                         scope,
                         delivered.received_at,
                         delivered.repository_id};
  told.records = scan::records_of(thing);
  if (auto end = scan::end_of(thing)) {
    // Where it went is told by the row alone.
    end->moved_to.clear();
    end->moved_number = 0;
    told.ends.push_back(*end);
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
  for (const auto& meaning : scan::meanings())
    if (meaning.event == delivered.event && !meaning.is_only_a_reason)
      all.push_back(told_of(meaning, payload, delivered));
  return all;
}

}  // namespace interleavings_test
}  // namespace devy::mirror
