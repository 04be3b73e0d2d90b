#include "daemon/web/page_operations.hpp"

#include <array>
#include <charconv>

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/platform/web/operation_list.hpp"
#include "core/systems.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/publishing_rights.hpp"
#include "html_names/operations.hpp"
#include "html_names/part_operations.hpp"

namespace devy::daemon {
namespace {

namespace operations_names = html::operations;
namespace part_operations_names = html::part_operations;

constexpr int poll_seconds = 5;

// A chip: its word, and the states that it means.
struct StateChip {
  std::string_view title, value;
  std::vector<std::string> states;
};

const std::vector<StateChip>& state_chips() {
  static const std::vector<StateChip> chips{
      {"All", "", {}},
      {"Waiting", "waiting", {"received", "verified"}},
      {"Running", "running", {"scheduled", "processing"}},
      {"Held", "held", {"held"}},
      {"Failed", "failed", {"failed"}},
      {"Completed", "completed", {"completed"}},
      {"Cancelled", "cancelled", {"cancelled"}},
      {"Dropped", "dropped", {"dropped"}},
      {"Duplicate", "duplicate", {"duplicate"}},
      {"Disabled", "disabled", {"disabled"}},
  };
  return chips;
}

// The filters as the address has them; empty ones are left out.
struct Asked {
  const StateChip* chip = nullptr;
  std::string kind, owner, key, code;
  std::optional<std::int64_t> before;
};

Asked read_asked(const Visit& visit) {
  Asked asked;
  const auto line = [&](std::string_view name) {
    return std::string(visit.query.line(name).value_or(""));
  };
  const auto state = line("state");
  for (const auto& chip : state_chips())
    if (chip.value == state) asked.chip = &chip;
  if (asked.chip == nullptr)
    throw base::Error(base::ErrorKind::usage, "unable to list operations: there is no such state",
                      "Choose one of the states above the list.");
  asked.kind = line("kind");
  asked.owner = line("owner");
  asked.key = line("key");
  asked.code = line("code");
  if (const auto before = line("before"); !before.empty()) {
    std::int64_t number = 0;
    const auto read = std::from_chars(before.data(), before.data() + before.size(), number);
    if (read.ec != std::errc() || read.ptr != before.data() + before.size())
      throw base::Error(base::ErrorKind::usage, "unable to list operations: before is no number");
    asked.before = number;
  }
  return asked;
}

web::OperationFilter filter_of(const Visit& visit, const Asked& asked) {
  web::OperationFilter filter;
  filter.states = asked.chip->states;
  if (!asked.kind.empty()) filter.kinds = {asked.kind};
  if (!asked.owner.empty()) filter.owner = asked.owner;
  if (!asked.key.empty()) filter.key = asked.key;
  if (!asked.code.empty()) filter.code = asked.code;
  if (asked.before) filter.before = *asked.before;
  restrict_to_own(filter, visit);
  return filter;
}

// The fields of an address with these filters; a later one takes the place of an earlier one.
std::vector<html::QueryField> fields_of(const Asked& asked, std::string_view without = {}) {
  std::vector<html::QueryField> fields;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty() && name != without)
      fields.push_back({std::string(name), std::string(value)});
  };
  add("state", asked.chip->value);
  add("kind", asked.kind);
  add("owner", asked.owner);
  add("key", asked.key);
  add("code", asked.code);
  return fields;
}

html::Url list_url(std::vector<html::QueryField> fields, std::string name = {},
                   std::string value = {}) {
  if (!name.empty()) fields.push_back({std::move(name), std::move(value)});
  return html::own_url({"operations"}, fields);
}

// ---- the table

std::string took_text(const web::OperationLine& line, base::TimePoint now) {
  if (!line.started_at) return std::string(html::none_text);
  return html::duration_text(line.finished_at.value_or(now) - *line.started_at);
}

std::string attempt_text(const web::OperationLine& line) {
  if (line.attempt == 0) return std::string(html::none_text);
  return std::to_string(line.attempt) + " of " + std::to_string(line.max_attempts);
}

struct Listed {
  web::OperationList list;
  std::map<std::string, std::string> subjects;

  [[nodiscard]] std::string target(const web::OperationLine& line) const {
    const auto found = subjects.find(line.id);
    return found == subjects.end() ? line.resource_kind + " " + line.key : found->second;
  }
};

void fill_row(html::Fill& row, const Listed& listed, const web::OperationLine& line,
              base::TimePoint now) {
  row.set_url(part_operations_names::operation_url, html::own_url({"operations", line.id}));
  row.set(part_operations_names::id, line.id);
  row.set(part_operations_names::target, listed.target(line));
  row.set(part_operations_names::kind, line.kind);
  row.set(part_operations_names::step, line.step.value_or(std::string(html::none_text)));
  row.set(part_operations_names::attempt, attempt_text(line));
  html::set_state(row, {part_operations_names::state_mark, part_operations_names::state},
                  line.state);
  html::set_age(row, {part_operations_names::age_utc, part_operations_names::age}, line.created_at,
                now);
  row.set(part_operations_names::took, took_text(line, now));
  if (!line.error_text) return;
  auto& why = row.add(part_operations_names::why);
  why.set(part_operations_names::error_text, *line.error_text);
  why.set(part_operations_names::error_code, line.error_code.value_or("failed"));
}

std::string_view empty_text(const Asked& asked, const web::OperationList& list) {
  if (list.looked_back_to) return "None among those that were looked at. Look further back.";
  if (asked.before) return "There are no older ones.";
  if (!fields_of(asked).empty()) return "None matches. Remove a filter.";
  return "Nothing has been recorded yet. A push to a connected repository will appear here.";
}

// `csrf` is empty while the part's digest is made: it differs in each answer.
void fill_part(html::Fill& fill, const Visit& visit, const Asked& asked, const Listed& listed,
               std::string_view csrf) {
  const auto& lines = listed.list.lines;
  if (lines.empty())
    fill.add(part_operations_names::empty)
        .set(part_operations_names::empty_text, empty_text(asked, listed.list));
  else {
    auto& rows = fill.add(part_operations_names::rows);
    rows.set_url(part_operations_names::act_url, html::own_url({"operations"}));
    rows.set(part_operations_names::csrf, csrf);
    rows.set(part_operations_names::as_of_number, lines.front().arrival);
    for (const auto& line : lines)
      fill_row(rows.add(part_operations_names::row), listed, line, visit.now);
  }
  if (listed.list.looked_back_to)
    html::set_clock(fill.add(part_operations_names::back_to),
                    {part_operations_names::back_utc, part_operations_names::back},
                    *listed.list.looked_back_to, visit.now);
  if (listed.list.next_before)
    fill.add(part_operations_names::older)
        .set_url(part_operations_names::older_url,
                 list_url(fields_of(asked), "before", std::to_string(*listed.list.next_before)));
  if (asked.before)
    fill.add(part_operations_names::newest)
        .set_url(part_operations_names::newest_url, list_url(fields_of(asked)));
}

// Pages behind the first do not change under their reader.
void make_live(html::Fill& fill, const Visit& visit, const Asked& asked,
               const std::string& digest) {
  if (asked.before) return;
  auto& live = fill.add(part_operations_names::live);
  live.set_url(part_operations_names::part_url, list_url(fields_of(asked), "seen", digest));
  live.set(part_operations_names::poll_seconds, std::int64_t{poll_seconds} * visit.poll_factor);
}

// ---- the page around it

void fill_chips(html::Fill& fill, const Asked& asked) {
  for (const auto& chip : state_chips()) {
    auto& shown = fill.add(operations_names::state_chip);
    shown.set_url(operations_names::state_url,
                  list_url(fields_of(asked, "state"), chip.value.empty() ? "" : "state",
                           std::string(chip.value)));
    shown.set(operations_names::state_title, chip.title);
    shown.set(operations_names::state_count, "");
    if (&chip == asked.chip) shown.show(operations_names::current);
  }
}

void fill_filters(html::Fill& fill, const Asked& asked) {
  const std::array<std::pair<std::string_view, const std::string*>, 4> filters{
      {{"kind", &asked.kind}, {"owner", &asked.owner}, {"key", &asked.key}, {"code", &asked.code}}};
  html::Fill* shown = nullptr;
  for (const auto& [name, value] : filters) {
    if (value->empty()) continue;
    if (shown == nullptr) {
      shown = &fill.add(operations_names::filters);
      Asked none;
      none.chip = asked.chip;
      shown->set_url(operations_names::clear_url, list_url(fields_of(none)));
    }
    auto& filter = shown->add(operations_names::filter);
    filter.set(operations_names::filter_name, name);
    filter.set(operations_names::filter_value, *value);
    filter.set_url(operations_names::remove_url, list_url(fields_of(asked, name)));
  }
}

void fill_form(html::Fill& fill, const Visit& visit, const Asked& asked) {
  fill.set_url(operations_names::form_url, list_url({}));
  if (!asked.chip->value.empty()) {
    auto& kept = fill.add(operations_names::kept);
    kept.set(operations_names::kept_name, "state");
    kept.set(operations_names::kept_value, asked.chip->value);
  }
  for (const auto& system : systems::table())
    for (const auto& kind : system.kinds) {
      if (!visit.is_operator() && !is_users_kind(kind.name)) continue;
      auto& option = fill.add(operations_names::kind_option);
      option.set(operations_names::kind, kind.name);
      if (kind.name == asked.kind) option.show(operations_names::selected);
    }
  fill.set(operations_names::key_text, asked.key);
  fill.set(operations_names::code_text, asked.code);
  fill.set(operations_names::owner_text, asked.owner);
}

std::string head_text(const Visit& visit, const Asked& asked) {
  std::string text =
      asked.chip->value.empty() ? "Everything that was recorded" : std::string(asked.chip->title);
  text += visit.is_operator() ? ", newest first." : " for your blogs, newest first.";
  return text;
}

}  // namespace

http::Response show_operations(Visit& visit) {
  const auto asked = read_asked(visit);
  Listed listed;
  listed.list = web::list_operations(visit.connection, filter_of(visit, asked));
  std::vector<std::string> ids;
  for (const auto& line : listed.list.lines)
    ids.push_back(line.id);
  listed.subjects = systems::subjects(visit.connection, ids);

  html::Fill said;
  fill_part(said, visit, asked, listed, "");
  const auto digest = live_digest(part_operations_names::template_file, said);
  if (visit.wants_part()) {
    if (visit.query.line("seen") == digest) return server::empty_response();
    html::Fill fresh;
    fill_part(fresh, visit, asked, listed, visit.csrf);
    make_live(fresh, visit, asked, digest);
    return part_response(part_operations_names::template_file, fresh);
  }
  Frame frame(visit,
              {.title = std::string(asked.chip->title) + " operations", .path = "/operations"});
  auto& content = frame.content(operations_names::template_file);
  content.set(operations_names::head_text, head_text(visit, asked));
  fill_chips(content, asked);
  fill_filters(content, asked);
  fill_form(content, visit, asked);
  auto& list = content.include(operations_names::list, part_operations_names::template_file);
  fill_part(list, visit, asked, listed, visit.csrf);
  make_live(list, visit, asked, digest);
  return frame.response();
}

}  // namespace devy::daemon
