#include <algorithm>
#include <array>

#include "core/platform/base/error.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/platform/webhook/delivery_store.hpp"
#include "core/systems.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/page_deliveries.hpp"
#include "html_names/deliveries.hpp"
#include "html_names/part_deliveries.hpp"

// The list; one delivery is page_delivery.cpp's.

namespace devy::daemon {
namespace {

namespace deliveries_names = html::deliveries;
namespace part_deliveries_names = html::part_deliveries;

constexpr int deliveries_per_page = 50, deliveries_poll_seconds = 5;

struct VerdictChip {
  std::string_view value, words;
};
constexpr std::array<VerdictChip, 4> verdict_chips{
    {{"", "All"}, {"accepted", "Accepted"}, {"ignored", "Ignored"}, {"rejected", "Rejected"}}};

struct AskedDeliveries {
  std::string verdict, before;  // a guid: those that came before it
};

AskedDeliveries read_asked_deliveries(const Visit& visit) {
  AskedDeliveries asked;
  asked.verdict = visit.query.line("verdict").value_or("");
  asked.before = visit.query.line("before").value_or("");
  const bool is_known = std::ranges::any_of(
      verdict_chips, [&](const VerdictChip& chip) { return chip.value == asked.verdict; });
  if (!is_known)
    throw base::Error(base::ErrorKind::usage, "unable to list deliveries: there is no such verdict",
                      "Choose one of those above the list.");
  return asked;
}

html::Url deliveries_url(const AskedDeliveries& asked, std::string name = {},
                         std::string value = {}) {
  std::vector<html::QueryField> fields;
  if (!asked.verdict.empty()) fields.push_back({"verdict", asked.verdict});
  if (!name.empty()) fields.push_back({std::move(name), std::move(value)});
  return html::own_url({"deliveries"}, fields);
}

struct ListedDeliveries {
  std::vector<webhook::Delivery> deliveries;
  bool has_more = false;
  std::map<std::int64_t, std::string> subjects;         // by the repository's id at GitHub
  std::map<std::string, base::OperationId> operations;  // by guid
};

ListedDeliveries list_for_page(Visit& visit, const AskedDeliveries& asked) {
  webhook::DeliveryPage filter;
  if (!asked.verdict.empty()) filter.verdict = asked.verdict;
  if (!asked.before.empty()) {
    if (!base::is_uuid(asked.before))
      throw base::Error(base::ErrorKind::usage, "unable to list deliveries: before is no GUID");
    filter.before = asked.before;
  }
  filter.limit = deliveries_per_page + 1;
  ListedDeliveries listed;
  listed.deliveries = webhook::page_of_deliveries(visit.connection, filter);
  listed.has_more = listed.deliveries.size() > deliveries_per_page;
  if (listed.has_more) listed.deliveries.pop_back();
  std::vector<std::int64_t> repositories;
  std::vector<std::string> guids;
  for (const auto& delivery : listed.deliveries) {
    guids.push_back(delivery.guid);
    if (delivery.github_id) repositories.push_back(*delivery.github_id);
  }
  for (const auto* subscriber : systems::subscribers()) {
    listed.subjects.merge(subscriber->subjects(visit.connection, repositories));
    const auto operations = subscriber->find_recorded(visit.connection, guids);
    for (std::size_t n = 0; n < guids.size(); ++n)
      if (!operations[n].empty()) listed.operations.emplace(guids[n], operations[n].front());
  }
  return listed;
}

void fill_delivery_row(html::Fill& row, const ListedDeliveries& listed,
                       const webhook::Delivery& delivery, base::TimePoint now) {
  html::set_state(row, {part_deliveries_names::verdict_mark, part_deliveries_names::verdict},
                  delivery.verdict);
  row.set_url(part_deliveries_names::delivery_url, html::own_url({"deliveries", delivery.guid}));
  row.set(part_deliveries_names::event,
          delivery.action.empty() ? delivery.event : delivery.event + "." + delivery.action);
  std::string text = "of no repository";
  if (delivery.github_id) {
    const auto subject = listed.subjects.find(*delivery.github_id);
    text = subject == listed.subjects.end() ? "repository " + std::to_string(*delivery.github_id)
                                            : subject->second;
  }
  row.set(part_deliveries_names::delivery_text, text);
  html::Sentence made(row, part_deliveries_names::made);
  const auto operation = listed.operations.find(delivery.guid);
  if (operation != listed.operations.end())
    made.code_link(html::own_url({"operations", operation->second.text()}),
                   operation->second.text().substr(0, 8));
  else made.soft(delivery.reason.empty() ? "nothing" : delivery.reason);
  row.set(part_deliveries_names::answered, "");
  html::set_age(row, {part_deliveries_names::received_utc, part_deliveries_names::received},
                delivery.received_at, now);
}

void fill_deliveries(html::Fill& fill, const Visit& visit, const AskedDeliveries& asked,
                     const ListedDeliveries& listed) {
  if (listed.deliveries.empty()) {
    fill.add(part_deliveries_names::empty)
        .set(part_deliveries_names::empty_text,
             asked.verdict.empty() && asked.before.empty()
                 ? "None has come yet. Install a webhook at GitHub, or the App; what it sends "
                   "will stand here."
                 : "None matches.");
  } else {
    auto& rows = fill.add(part_deliveries_names::rows);
    for (const auto& delivery : listed.deliveries)
      fill_delivery_row(rows.add(part_deliveries_names::row), listed, delivery, visit.now);
  }
  if (listed.has_more)
    fill.add(part_deliveries_names::older)
        .set_url(part_deliveries_names::older_url,
                 deliveries_url(asked, "before", listed.deliveries.back().guid));
  if (!asked.before.empty())
    fill.add(part_deliveries_names::newest)
        .set_url(part_deliveries_names::newest_url, deliveries_url(asked));
}

void make_deliveries_live(html::Fill& fill, const Visit& visit, const AskedDeliveries& asked,
                          const std::string& digest) {
  if (!asked.before.empty()) return;
  auto& live = fill.add(part_deliveries_names::live);
  live.set_url(part_deliveries_names::part_url, deliveries_url(asked, "seen", digest));
  live.set(part_deliveries_names::poll_seconds,
           std::int64_t{deliveries_poll_seconds} * visit.poll_factor);
}

}  // namespace

http::Response show_deliveries(Visit& visit) {
  const auto asked = read_asked_deliveries(visit);
  const auto listed = list_for_page(visit, asked);
  html::Fill said;
  fill_deliveries(said, visit, asked, listed);
  const auto digest = live_digest(part_deliveries_names::template_file, said);
  if (visit.wants_part()) {
    if (visit.query.line("seen") == digest) return server::empty_response();
    make_deliveries_live(said, visit, asked, digest);
    return part_response(part_deliveries_names::template_file, said);
  }
  Frame frame(visit, {.title = "Deliveries", .path = "/deliveries"});
  auto& content = frame.content(deliveries_names::template_file);
  for (const auto& chip : verdict_chips) {
    auto& shown = content.add(deliveries_names::verdict_chip);
    AskedDeliveries of_chip;
    of_chip.verdict = chip.value;
    shown.set_url(deliveries_names::verdict_url, deliveries_url(of_chip));
    shown.set(deliveries_names::verdict_words, chip.words);
    shown.set(deliveries_names::verdict_count, "");
    if (chip.value == asked.verdict) shown.show(deliveries_names::current);
  }
  auto& list = content.include(deliveries_names::list, part_deliveries_names::template_file);
  fill_deliveries(list, visit, asked, listed);
  make_deliveries_live(list, visit, asked, digest);
  return frame.response();
}

}  // namespace devy::daemon
