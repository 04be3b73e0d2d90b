#include "daemon/web/page_operations.hpp"

#include <algorithm>
#include <array>

#include "core/platform/http/server/response.hpp"
#include "core/platform/web/bulk_store.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/systems.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/operations_filter.hpp"
#include "daemon/web/publishing_rights.hpp"
#include "daemon/web/queue_snapshot.hpp"
#include "html_names/operations.hpp"
#include "html_names/part_operations.hpp"

namespace devy::daemon {
namespace {

namespace operations_names = html::operations;
namespace part_operations_names = html::part_operations;

constexpr int poll_seconds = 5;

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
              const Visit& visit) {
  const auto now = visit.now;
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
  if (visit.is_operator())
    row.add(part_operations_names::may_act).show(part_operations_names::pick);
  if (!line.error_text) return;
  auto& why = row.add(part_operations_names::why);
  why.set(part_operations_names::error_text, *line.error_text);
  why.set(part_operations_names::error_code, line.error_code.value_or("failed"));
}

std::string_view empty_text(const AskedOperations& asked, const web::OperationList& list) {
  if (list.looked_back_to) return "None among those that were looked at. Look further back.";
  if (asked.before) return "There are no older ones.";
  if (!fields_of(asked).empty()) return "None matches. Remove a filter.";
  return "Nothing has been recorded yet. A push to a connected repository will appear here.";
}

// An operator acts on the selected ones, or on all that match and are shown or older.
void fill_selection(html::Fill& rows, const AskedOperations& asked, const Listed& listed,
                    base::TimePoint now) {
  const auto& lines = listed.list.lines;
  for (const auto& field : fields_of(asked)) {
    auto& kept = rows.add(part_operations_names::kept);
    kept.set(part_operations_names::kept_name, field.name);
    kept.set(part_operations_names::kept_value, field.value);
  }
  auto& acts = rows.add(part_operations_names::may_act);
  auto& all = acts.add(part_operations_names::all);
  const bool is_whole = !asked.before && !listed.list.next_before;
  all.set(part_operations_names::all_text,
          is_whole
              ? "all " + html::number_text(static_cast<std::int64_t>(lines.size())) + " that match"
              : std::string("all that match"));
  html::set_clock(all, {part_operations_names::as_of_utc, part_operations_names::as_of},
                  lines.front().created_at, now);
  if (std::ranges::any_of(lines, [](const auto& line) { return line.state == "held"; }))
    acts.show(part_operations_names::may_approve);
}

// `csrf` is empty while the part's digest is made: it differs in each answer.
void fill_part(html::Fill& fill, const Visit& visit, const AskedOperations& asked,
               const Listed& listed, std::string_view csrf) {
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
      fill_row(rows.add(part_operations_names::row), listed, line, visit);
    if (visit.is_operator()) fill_selection(rows, asked, listed, visit.now);
  }
  if (listed.list.looked_back_to)
    html::set_clock(fill.add(part_operations_names::back_to),
                    {part_operations_names::back_utc, part_operations_names::back},
                    *listed.list.looked_back_to, visit.now);
  if (listed.list.next_before)
    fill.add(part_operations_names::older)
        .set_url(
            part_operations_names::older_url,
            operations_url(fields_of(asked), "before", std::to_string(*listed.list.next_before)));
  if (asked.before)
    fill.add(part_operations_names::newest)
        .set_url(part_operations_names::newest_url, operations_url(fields_of(asked)));
}

// Pages behind the first do not change under their reader.
void make_live(html::Fill& fill, const Visit& visit, const AskedOperations& asked,
               const std::string& digest) {
  if (asked.before) return;
  auto& live = fill.add(part_operations_names::live);
  live.set_url(part_operations_names::part_url, operations_url(fields_of(asked), "seen", digest));
  live.set(part_operations_names::poll_seconds, std::int64_t{poll_seconds} * visit.poll_factor);
}

// ---- the page around it

// How many there are of a chip's states, as far as they are counted once a second for all: an
// operator's, and by kind alone. With another filter, or for a user, there is no number.
std::string chip_count(const Visit& visit, const AskedOperations& asked,
                       const QueueSnapshot* snapshot, const StateChip& chip) {
  if (snapshot == nullptr || !visit.is_operator() || chip.states.empty()) return {};
  if (!asked.owner.empty() || !asked.key.empty() || !asked.code.empty()) return {};
  std::int64_t count = 0;
  bool is_bounded = false;
  const auto is_meant = [&](const auto& entry) {
    return (asked.kind.empty() || entry.kind == asked.kind) &&
           std::ranges::find(chip.states, entry.state) != chip.states.end();
  };
  for (const auto& entry : snapshot->open)
    if (is_meant(entry)) count += entry.count;
  for (const auto& entry : snapshot->state.ended) {
    if (!is_meant(entry)) continue;
    count += entry.count;
    is_bounded = entry.state != "failed" && !snapshot->state.is_all_ended;
  }
  if (count > web::counted_max) return html::bounded_count_text(count, web::counted_max);
  return html::number_text(count) + (is_bounded ? "+" : "");
}

void fill_chips(html::Fill& fill, Visit& visit, const AskedOperations& asked) {
  const auto snapshot = visit.is_operator() ? visit.queue.get(visit.connection) : nullptr;
  for (const auto& chip : state_chips()) {
    auto& shown = fill.add(operations_names::state_chip);
    shown.set_url(operations_names::state_url,
                  operations_url(fields_of(asked, "state"), chip.value.empty() ? "" : "state",
                                 std::string(chip.value)));
    shown.set(operations_names::state_title, chip.title);
    shown.set(operations_names::state_count, chip_count(visit, asked, snapshot.get(), chip));
    if (&chip == asked.chip) shown.show(operations_names::current);
  }
}

void fill_filters(html::Fill& fill, const AskedOperations& asked) {
  const std::array<std::pair<std::string_view, const std::string*>, 4> filters{
      {{"kind", &asked.kind}, {"owner", &asked.owner}, {"key", &asked.key}, {"code", &asked.code}}};
  html::Fill* shown = nullptr;
  for (const auto& [name, value] : filters) {
    if (value->empty()) continue;
    if (shown == nullptr) {
      shown = &fill.add(operations_names::filters);
      AskedOperations none;
      none.chip = asked.chip;
      shown->set_url(operations_names::clear_url, operations_url(fields_of(none)));
    }
    auto& filter = shown->add(operations_names::filter);
    filter.set(operations_names::filter_name, name);
    filter.set(operations_names::filter_value, *value);
    filter.set_url(operations_names::remove_url, operations_url(fields_of(asked, name)));
  }
}

void fill_form(html::Fill& fill, const Visit& visit, const AskedOperations& asked) {
  fill.set_url(operations_names::form_url, operations_url({}));
  if (!asked.chip->value.empty()) {
    auto& kept = fill.add(operations_names::kept);
    kept.set(operations_names::kept_name, "state");
    kept.set(operations_names::kept_value, asked.chip->value);
  }
  for (const auto* kind : systems::kinds_by_name()) {
    if (!visit.is_operator() && !is_users_kind(kind->name)) continue;
    auto& option = fill.add(operations_names::kind_option);
    option.set(operations_names::kind, kind->name);
    if (kind->name == asked.kind) option.show(operations_names::selected);
  }
  fill.set(operations_names::key_text, asked.key);
  fill.set(operations_names::code_text, asked.code);
  fill.set(operations_names::owner_text, asked.owner);
}

std::string head_text(const Visit& visit, const AskedOperations& asked) {
  std::string text =
      asked.chip->value.empty() ? "Everything that was recorded" : std::string(asked.chip->title);
  text += visit.is_operator() ? ", newest first." : " for your blogs, newest first.";
  return text;
}

std::string_view done_word(web::BulkAct act) {
  switch (act) {
    case web::BulkAct::replay: return "Replayed";
    case web::BulkAct::cancel: return "Cancelled";
    case web::BulkAct::approve: return "Approved";
  }
  return "Done";
}

// After an act on several.
void say_done(Frame& frame, Visit& visit) {
  const auto done = visit.query.line("done").value_or("");
  if (done == "unselected")
    frame.notice("Nothing is selected", "Check a row, or choose all that match.", true);
  if (done == "unfit")
    frame.notice("Nothing to act on", "None of them is in a state that this act is for.", true);
  if (!base::is_uuid(done)) return;
  const auto bulk = web::find_bulk(visit.connection, std::string(done));
  if (!bulk) return;
  const auto not_done = web::not_done_text(*bulk);
  frame.notice("Done", std::string(done_word(bulk->act)) + " " + html::number_text(bulk->done) +
                           " of " + html::number_text(bulk->count) + "." +
                           (not_done.empty() ? "" : " " + not_done + "."));
}

}  // namespace

http::Response show_operations(Visit& visit) {
  const auto asked = read_asked_operations(visit.query);
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
  say_done(frame, visit);
  auto& content = frame.content(operations_names::template_file);
  content.set(operations_names::head_text, head_text(visit, asked));
  fill_chips(content, visit, asked);
  fill_filters(content, asked);
  fill_form(content, visit, asked);
  auto& list = content.include(operations_names::list, part_operations_names::template_file);
  fill_part(list, visit, asked, listed, visit.csrf);
  make_live(list, visit, asked, digest);
  return frame.response();
}

}  // namespace devy::daemon
