#include "daemon/web/page_operations_bulk.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/bulk_store.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/systems.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/operations_filter.hpp"
#include "html_names/confirm.hpp"

namespace devy::daemon {
namespace {

namespace confirm_names = html::confirm;

using base::Error;
using base::ErrorKind;
using web::BulkAct;

constexpr std::size_t bulk_reason_bytes_max = 500;
constexpr std::size_t id_shown = 8;

struct BulkWords {
  BulkAct act;
  std::string_view verb, consequence, mark;
};
constexpr std::array<BulkWords, 3> bulk_words{{
    {BulkAct::replay, "Replay",
     "Each goes on where it ended, unless something newer goes before it.", "go"},
    {BulkAct::cancel, "Cancel",
     "What waits ends as cancelled, what runs stops at its next step; a replay brings each back.",
     "go danger"},
    {BulkAct::approve, "Approve", "Each goes on past its guard.", "go"},
}};

const BulkWords& words_of(BulkAct act) {
  return *std::ranges::find(bulk_words, act, &BulkWords::act);
}

// The form as it came.
struct BulkForm {
  BulkAct act = BulkAct::replay;
  bool is_all = false;
  AskedOperations asked;         // the filters
  std::vector<std::string> ids;  // the selected ones
  std::int64_t as_of = 0;
  // The rest comes with the second form, which the page of the confirmation made.
  bool is_confirmed = false;
  std::string id;  // of the act
  std::int64_t shown = 0, shown_at = 0;
};

BulkForm read_bulk_form(const server::Fields& form) {
  const auto act = web::parse_bulk_act(form.line("act").value_or(""));
  if (!act) throw Error(ErrorKind::usage, "unable to act: the form names no act");
  BulkForm read;
  read.act = *act;
  read.is_all = form.line("scope") == "all";
  read.asked = read_asked_operations(form);
  read.as_of = read_number(form.line("as_of").value_or(""), "as_of");
  for (const auto id : form.list("id")) {
    if (!base::is_uuid(id))
      throw Error(ErrorKind::usage, "unable to act: what was selected is no operation");
    if (std::ranges::find(read.ids, id) == read.ids.end()) read.ids.emplace_back(id);
  }
  read.is_confirmed = form.has("confirmed");
  if (!read.is_confirmed) return read;
  read.id = form.line("bulk").value_or("");
  if (!base::is_uuid(read.id)) throw Error(ErrorKind::usage, "unable to act: the form has no id");
  read.shown = read_number(form.line("shown").value_or(""), "shown");
  read.shown_at = read_number(form.line("shown_at").value_or(""), "shown_at");
  return read;
}

http::Response back_to_list(const BulkForm& form, std::string done) {
  return server::redirect_response(
      303, operations_url(fields_of(form.asked), "done", std::move(done)).text());
}

http::Response to_result(const BulkForm& form, const web::Bulk& bulk) {
  if (!bulk.is_operation) return back_to_list(form, bulk.id);
  return server::redirect_response(303, html::own_url({"operations", bulk.id}).text());
}

// The filter with those of its states alone in which the act is possible; nothing when none is
// left.
std::optional<web::OperationFilter> bulk_filter(const Visit& visit, const BulkForm& form) {
  auto filter = filter_of(visit, form.asked);
  const auto possible = web::states_for(form.act);
  if (filter.states.empty()) filter.states = possible;
  else
    std::erase_if(filter.states, [&](const std::string& state) {
      return std::ranges::find(possible, state) == possible.end();
    });
  if (filter.states.empty()) return std::nullopt;
  return filter;
}

// The operations that are meant now, newest first. Throws for more than may be.
std::vector<std::string> find_meant(Visit& visit, const BulkForm& form, std::int64_t ended_until) {
  if (!form.is_all) {
    std::vector<std::string> ids;
    for (const auto& line : web::find_lines(visit.connection, form.ids))
      ids.push_back(line.id);
    return ids;
  }
  const auto filter = bulk_filter(visit, form);
  if (!filter) return {};
  auto matches = web::match_operations(visit.connection, *filter, form.as_of, ended_until);
  if (matches.ids.size() > web::bulk_operations_max)
    throw Error(ErrorKind::rejected, "unable to act on more than 10 000 operations at once",
                "Add a filter to the list: a state, a kind, an owner, or an error's code.",
                "bulk_too_many");
  if (!matches.is_whole)
    throw Error(ErrorKind::rejected,
                "unable to find all that match: too many operations would be looked at",
                "Add a filter that narrows more: a state that has not ended, failed, an owner, or "
                "a key.",
                "bulk_too_wide");
  return std::move(matches.ids);
}

std::string operations_text(std::int64_t count) {
  return html::number_text(count) + (count == 1 ? " operation" : " operations");
}

struct Trouble {
  std::string reason = {}, count = {};
  [[nodiscard]] bool is_none() const { return reason.empty() && count.empty(); }
};

void say_which(html::Sentence text, const Visit& visit, const BulkForm& form,
               const web::OperationLine& newest, std::size_t count) {
  if (form.is_all) {
    text.text("All that match");
    for (const auto& field : fields_of(form.asked))
      text.text(field.name == "state" ? " " : " " + field.name + " ").strong(field.value);
    text.text(", none newer than ").clock(newest.created_at, visit.now).text(". ");
  } else {
    text.text("The selected ones. ");
  }
  text.text(words_of(form.act).consequence);
  if (count > web::bulk_at_once_max)
    text.text(" A worker does it; the page that follows shows how far it is.");
}

void fill_examples(html::Fill& fill, const Visit& visit,
                   const std::vector<web::OperationLine>& lines, bool are_all) {
  std::vector<std::string> ids;
  for (const auto& line : lines)
    ids.push_back(line.id);
  const auto subjects = systems::subjects(visit.connection, ids);
  auto& examples = fill.add(confirm_names::examples);
  examples.set(confirm_names::examples_title, are_all ? "Newest first" : "The newest ten of them");
  for (const auto& line : lines) {
    auto& row = examples.add(confirm_names::example);
    row.set_url(confirm_names::operation_url, html::own_url({"operations", line.id}));
    row.set(confirm_names::id_text, line.id.substr(0, id_shown));
    const auto subject = subjects.find(line.id);
    row.set(confirm_names::target,
            subject == subjects.end() ? line.resource_kind + " " + line.key : subject->second);
    row.set(confirm_names::kind, line.kind);
    html::set_age(row, {confirm_names::age_utc, confirm_names::age}, line.created_at, visit.now);
  }
}

void keep_fields(html::Fill& fill, Visit& visit, const BulkForm& form,
                 const std::vector<std::string>& ids) {
  const auto keep = [&](std::string_view name, std::string_view value) {
    auto& kept = fill.add(confirm_names::kept);
    kept.set(confirm_names::kept_name, name);
    kept.set(confirm_names::kept_value, value);
  };
  keep("act", web::to_string(form.act));
  keep("scope", form.is_all ? "all" : "selection");
  keep("as_of", std::to_string(form.as_of));
  keep("confirmed", "1");
  keep("bulk", form.is_confirmed ? form.id : base::system_random().uuid());
  keep("shown", std::to_string(ids.size()));
  keep("shown_at", std::to_string(web::database_time(visit.connection)));
  for (const auto& field : fields_of(form.asked))
    keep(field.name, field.value);
  if (form.is_all) return;
  for (const auto& id : ids)
    keep("id", id);
}

http::Response ask_to_act(Visit& visit, const BulkForm& form, const std::vector<std::string>& ids,
                          const Trouble& trouble) {
  const auto& words = words_of(form.act);
  const auto count = operations_text(static_cast<std::int64_t>(ids.size()));
  const auto title = std::string(words.verb) + " " + count;
  Frame frame(visit, {.title = title + "?", .path = "/operations", .is_dialog = true});
  auto& fill = frame.content(confirm_names::template_file);
  fill.set(confirm_names::confirm_title, title + "?");
  const auto shown = std::min<std::size_t>(ids.size(), web::bulk_examples);
  const auto lines =
      web::find_lines(visit.connection, {ids.begin(), ids.begin() + static_cast<long>(shown)});
  if (lines.empty()) return back_to_list(form, "unfit");  // deleted this very moment
  say_which(html::Sentence(fill, confirm_names::confirm_text), visit, form, lines.front(),
            ids.size());
  fill_examples(fill, visit, lines, shown == ids.size());
  fill.set_url(confirm_names::act_url, html::own_url({"operations"}));
  fill.set(confirm_names::csrf, visit.csrf);
  keep_fields(fill, visit, form, ids);
  auto& reason = fill.add(confirm_names::reason);
  reason.set(confirm_names::reason_text, visit.form.text("reason").value_or(""));
  if (trouble.reason.empty()) reason.show(confirm_names::reason_right);
  else reason.add(confirm_names::reason_wrong).set(confirm_names::reason_error, trouble.reason);
  if (ids.size() > web::bulk_untyped_max) {
    auto& counted = fill.add(confirm_names::counted);
    counted.set(confirm_names::count_digits, std::to_string(ids.size()));
    counted.set(confirm_names::count_typed, visit.form.line("count").value_or(""));
    if (!trouble.count.empty())
      counted.add(confirm_names::count_wrong).set(confirm_names::count_error, trouble.count);
  }
  fill.set(confirm_names::button_mark, words.mark);
  fill.set(confirm_names::button_words, title);
  fill.set_url(confirm_names::keep_url, operations_url(fields_of(form.asked)));
  fill.set(confirm_names::keep_words, ids.size() == 1 ? "Keep it" : "Keep them");
  return frame.response(trouble.is_none() ? 200 : 422);
}

Trouble trouble_with(const Visit& visit, const BulkForm& form, std::size_t count) {
  Trouble trouble;
  const auto reason = visit.form.text("reason").value_or("");
  if (reason.find_first_not_of(" \t\n") == std::string::npos)
    trouble.reason = "Say why, in a few words.";
  else if (reason.size() > bulk_reason_bytes_max) trouble.reason = "At most 500 bytes, please.";
  if (count <= web::bulk_untyped_max) return trouble;
  std::string typed(visit.form.line("count").value_or(""));
  std::erase(typed, ' ');
  if (typed != std::to_string(form.shown))
    trouble.count = (typed.empty() ? "Nothing was typed." : typed + " is not the number above.") +
                    " Type " + std::to_string(count) + ".";
  return trouble;
}

json::Json filter_json(const BulkForm& form) {
  auto filter = json::Json::object();
  if (form.is_all) {
    for (const auto& field : fields_of(form.asked))
      filter.set(field.name, field.value);
    filter.set("as_of", form.as_of);
    return filter;
  }
  filter.set("ids", json::json_array(form.ids, [](const std::string& id) { return id; }));
  return filter;
}

http::Response carry_out(Visit& visit, const BulkForm& form, std::vector<std::string> ids) {
  web::NewBulk bulk;
  bulk.id = form.id;
  bulk.act = form.act;
  bulk.actor = visit.actor();
  bulk.reason = visit.form.text("reason").value_or("");
  bulk.filter = filter_json(form);
  bulk.operations = std::move(ids);
  bulk.max_attempts = static_cast<int>(visit.config.queue.max_attempts);
  pg::Transaction transaction(visit.connection);
  if (web::begin_bulk(visit.connection, bulk)) {
    web::record_act(visit.connection, {.actor = bulk.actor,
                                       .address = sender_of(visit.request).address,
                                       .act = "bulk." + std::string(web::to_string(form.act)),
                                       .target = bulk.id,
                                       .filter = bulk.filter.dump(),
                                       .count = static_cast<std::int64_t>(bulk.operations.size()),
                                       .reason = bulk.reason});
    transaction.commit();
    queue::wake_workers(visit.connection);
  }
  return to_result(form, web::find_bulk(visit.connection, form.id).value());
}

}  // namespace

http::Response act_on_operations(Visit& visit) {
  const auto form = read_bulk_form(visit.form);
  if (!form.is_all && form.ids.empty()) return back_to_list(form, "unselected");
  // A form that is sent twice acts once.
  if (form.is_confirmed)
    if (const auto known = web::find_bulk(visit.connection, form.id))
      return to_result(form, *known);
  auto ids = find_meant(visit, form,
                        form.is_confirmed ? form.shown_at : web::database_time(visit.connection));
  if (ids.empty()) return back_to_list(form, "unfit");
  if (!form.is_confirmed) return ask_to_act(visit, form, ids, {});
  auto trouble = trouble_with(visit, form, ids.size());
  if (static_cast<std::int64_t>(ids.size()) > form.shown) {
    if (ids.size() > web::bulk_untyped_max)
      trouble.count = "There are more by now. Type " + std::to_string(ids.size()) + ".";
    else trouble.reason = "There are more by now: look at them, then confirm again.";
  }
  if (!trouble.is_none()) return ask_to_act(visit, form, ids, trouble);
  return carry_out(visit, form, std::move(ids));
}

}  // namespace devy::daemon
