#include "core/mirror/scan/page.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "core/mirror/store/apply.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/github/link.hpp"

namespace devy::scan {
namespace {

constexpr std::array<int, 4> page_sizes{page_size_max, 50, 25, 5};

void append(Page& page, Page more) {
  for (const auto relation : records::relations)
    for (const auto* record : more.records.of(relation))
      page.records.add(*record);
  page.items += more.items;
  page.invalid += more.invalid;
  page.requests += more.requests;
  page.free_requests += more.free_requests;
  std::ranges::move(more.read, std::back_inserter(page.read));
  page.next = more.next;
  // The first answer is the oldest: what it says may be stamped with its time.
  if (more.date && (!page.date || *more.date < *page.date)) page.date = more.date;
}

// For the next reading of the page; nothing where GitHub gave nothing to know it by.
std::optional<mirror::Validator> validator_of(const github::Answer& answer,
                                              const json::Value& document, const Page& page) {
  if (answer.etag.empty() && answer.last_modified.empty()) return std::nullopt;
  mirror::Validator validator{answer.etag,           answer.last_modified, {},
                              page.first_updated_at, page.last_updated_at, page.next,
                              page.last_page};
  for (int item = 0; item < page.items; ++item) {
    const auto id = document.if_integer(std::to_string(item) + "/id");
    if (!id) return std::nullopt;
    validator.ids.push_back(*id);
  }
  return validator;
}

Page unchanged(Api& api, const List& list, mirror::PageName name,
               const std::optional<mirror::Validator>& known, const github::Answer& answer) {
  if (!known) github::throw_garbage("it is unchanged, and was not known");
  Page page;
  page.relation = list.relation;
  page.items = static_cast<int>(known->ids.size());
  page.first_updated_at = known->first_updated_at;
  page.last_updated_at = known->last_updated_at;
  page.next = known->next;
  page.last_page = known->last_page;
  page.sent_at = answer.sent_at;
  page.date = answer.date;
  // GitHub forgives it only to those who say who they are.
  page.free_requests = api.has_credential() ? 1 : 0;
  page.read.push_back({std::move(name), *known, true});
  return page;
}

// The pages of `size` items that hold the items of that page of `of` items.
Page read_in_parts(pg::Connection& connection, Api& api, const List& list,
                   std::int64_t repository_id, std::string_view state, int number, int of,
                   int size) {
  const int count = of / size;
  std::optional<Page> whole;
  for (int i = 1; i <= count; ++i) {
    const int part = (number - 1) * count + i;
    Page page;
    try {
      page = read_page(
          connection, api, list, repository_id,
          list_address(list, repository_id, state, size) + "&page=" + std::to_string(part));
    } catch (const base::Error& error) {
      const auto smaller = smaller_page(size);
      if (!is_too_much(error) || !smaller) throw;
      page = read_in_parts(connection, api, list, repository_id, state, part, size, *smaller);
      ++page.requests;
    }
    const bool is_last = !page.next;
    if (whole) append(*whole, std::move(page));
    else whole = std::move(page);
    if (is_last) break;
  }
  return std::move(*whole);
}

}  // namespace

Page read_page(pg::Connection& connection, Api& api, const List& list, std::int64_t repository_id,
               const std::string& address) {
  auto name = api.name_page(address);
  const auto known =
      api.is_rereading() ? std::nullopt : mirror::find_validator(connection, name, list.relation);
  const auto answer = api.get(connection, address, known ? &*known : nullptr);
  if (answer.is_unchanged) return unchanged(api, list, std::move(name), known, answer);
  const auto document = github::parse_document(answer.body);
  if (!document.is_array()) github::throw_garbage("it is no list");
  Page page;
  page.relation = list.relation;
  page.items = static_cast<int>(document.size());
  const auto skipped =
      records::process_list(document, list.process, origin_of(answer, repository_id), page.records);
  page.invalid = static_cast<std::int64_t>(skipped.count);
  if (page.invalid > 0)
    base::count("mirror_documents." + std::string(to_string(list.relation)) + ".api.invalid",
                page.invalid);
  const auto updated_at = [&](int item) -> std::optional<base::TimePoint> {
    const auto text = document.if_text(std::to_string(item) + "/updated_at");
    return text ? base::parse_rfc3339(*text) : std::nullopt;
  };
  page.first_updated_at = updated_at(0);
  page.last_updated_at = updated_at(page.items - 1);
  page.next = answer.next;
  if (answer.last) page.last_page = github::page_number(*answer.last);
  page.sent_at = answer.sent_at;
  page.date = answer.date;
  auto validator = validator_of(answer, document, page);
  if (skipped.count == 0 && validator) page.read.push_back({std::move(name), *validator, false});
  return page;
}

Page read_numbered_page(pg::Connection& connection, Api& api, const List& list,
                        std::int64_t repository_id, std::string_view state, int number) {
  return read_in_parts(connection, api, list, repository_id, state, number, page_size_max,
                       page_size_max);
}

std::optional<int> smaller_page(int size) {
  for (const auto smaller : page_sizes)
    if (smaller < size) return smaller;
  return std::nullopt;
}

bool is_too_much(const base::Error& error) {
  return error.code() == "response_too_large" || error.code() == "timed_out" ||
         error.code() == "connection_broken" || error.code() == "github_unavailable";
}

void apply_page(pg::Connection& connection, const std::string& scan, std::int64_t repository_id,
                const Page& page, const mirror::RowObservers& observers) {
  for (const auto& read : page.read) {
    if (read.is_unchanged)
      mirror::note_unchanged(connection, read.name, page.relation, repository_id,
                             read.validator.ids, page.sent_at, page.date);
    else mirror::keep_validator(connection, read.name, repository_id, read.validator);
  }
  const auto applied =
      mirror::apply(connection, page.records,
                    {records::Via::api, page.sent_at, page.date, page.relation}, observers);
  mirror::PageCounts counts;
  counts.requests = page.requests;
  counts.free_requests = page.free_requests;
  counts.items = page.items;
  counts.invalid = page.invalid;
  if (const auto found = applied.find(page.relation); found != applied.end()) {
    counts.applied = found->second.applied;
    counts.stale = found->second.stale + found->second.tie;
    counts.invalid += found->second.invalid;
  }
  mirror::add_counts(connection, scan, counts);
}

}  // namespace devy::scan
