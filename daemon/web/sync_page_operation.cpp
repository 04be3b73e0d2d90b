#include "daemon/web/sync_page_operation.hpp"

#include <set>

#include "core/platform/json/reader.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/sync/store/record_history.hpp"
#include "daemon/web/sync_page_parts.hpp"
#include "html_names/operation.hpp"

namespace devy::daemon {
namespace {

namespace sides_names = html::operation;

constexpr std::size_t side_characters_max = 2'000;  // of a long text; its page has all of it

constexpr json::Format side_format{
    .name = "a side", .bytes_max = 4UL * 1024 * 1024, .kind = base::ErrorKind::internal};

json::Value side_of(const std::string& document) {
  return json::parse(document.empty() ? "{}" : document, side_format);
}

std::string shown_side(const json::Value& side, const std::string& field) {
  if (auto text = side.if_text(field)) {
    if (text->size() > side_characters_max) *text = text->substr(0, side_characters_max) + "…";
    return text->empty() ? std::string(html::none_text) : *text;
  }
  auto words = side.if_texts(field);
  for (const auto& item : side.if_items(field))
    if (const auto id = item.if_integer()) words.push_back("user " + std::to_string(*id));
  return words.empty() ? std::string(html::none_text) : joined_words(words);
}

void fill_calls(html::Fill& sides, const std::string& document) {
  if (document.empty()) return;
  const auto calls = json::parse(document, side_format).items();
  if (calls.empty()) return;
  auto& list = sides.add(sides_names::calls);
  for (const auto& call : calls) {
    auto& item = list.add(sides_names::call);
    item.set(sides_names::call_words,
             call.if_text("method").value_or("") + " " + call.if_text("path").value_or(""));
    const auto status = call.if_integer("status");
    item.set(sides_names::call_status,
             status && *status > 0 ? std::to_string(*status) : std::string("no answer"));
  }
}

}  // namespace

void fill_sides(html::Fill& content, Visit& visit, const web::OperationDetail& detail) {
  if (detail.line.kind != "task_sync" && detail.line.kind != "comment_sync") return;
  const auto found = sync::find_operation_sides(visit.connection, detail.line.id);
  if (!found) return;
  auto& sides = content.add(sides_names::sides);
  html::Sentence text(sides, sides_names::sides_text);
  text.text("of the ").link(html::own_url({"tasks", found->task_id}), "task");
  const auto state =
      sync::read_states(visit.connection, {found->record_id}, visit.config.sync.write_gap)
          .at(found->record_id);
  if (const auto url = html::https_url(state.url(github_site(visit))))
    text.text(", at ").link(*url, "GitHub");
  text.text(": " + std::string(found->is_comment ? "the comment " : "it ") +
            sync::state_words(state.state));
  if (!found->operation.outcome.empty()) text.text("; this operation " + found->operation.outcome);
  if (!found->operation.fields.empty())
    text.text(", sent " + joined_words(found->operation.fields));
  if (state.position && *state.position > 0)
    text.text("; " + html::bounded_count_text(*state.position, sync::positions_counted_max) +
              " go before it");
  if (state.not_before) text.text("; not before ").clock(*state.not_before, visit.now);
  const auto local = side_of(found->local), base = side_of(found->base),
             remote = side_of(found->remote);
  std::set<std::string> fields;
  for (const auto* side : {&local, &base, &remote})
    for (const auto& [name, value] : side->members())
      fields.insert(name);
  for (const auto& field : fields) {
    auto& row = sides.add(sides_names::side_row);
    row.set(sides_names::side_field, field);
    row.set(sides_names::side_local, shown_side(local, field));
    row.set(sides_names::side_base, shown_side(base, field));
    row.set(sides_names::side_remote, shown_side(remote, field));
  }
  fill_calls(sides, found->calls);
}

}  // namespace devy::daemon
