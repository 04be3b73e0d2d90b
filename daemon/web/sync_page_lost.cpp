#include "daemon/web/sync_page_lost.hpp"

#include <algorithm>
#include <array>

#include "core/platform/json/reader.hpp"
#include "daemon/web/sync_page_parts.hpp"
#include "html_names/task.hpp"

namespace devy::daemon {
namespace {

namespace lost_names = html::task;

constexpr json::Format stored_fields_format{
    .name = "a version", .bytes_max = 4UL * 1024 * 1024, .kind = base::ErrorKind::internal};

struct FieldTitle {
  std::string_view field, title;
};
constexpr std::array<FieldTitle, 6> field_titles{{{"title", "Title"},
                                                  {"body", "Text"},
                                                  {"state", "State"},
                                                  {"labels", "Labels"},
                                                  {"milestone", "Milestone"},
                                                  {"assignees", "Assignees"}}};

std::string title_of(const std::string& field) {
  const auto* found = std::ranges::find(field_titles, field, &FieldTitle::field);
  return found == field_titles.end() ? field : std::string(found->title);
}

// The value of a field in a version, in words.
std::string value_in(const std::vector<sync::Version>& versions, int number,
                     const std::string& field) {
  const auto found = std::ranges::find(versions, number, &sync::Version::version);
  if (found == versions.end()) return "not kept any more";
  const auto fields = json::parse(found->fields, stored_fields_format);
  if (const auto text = fields.if_text(field)) return *text;
  std::vector<std::string> words = fields.if_texts(field);
  for (const auto& item : fields.if_items(field))
    if (const auto id = item.if_integer()) words.push_back("user " + std::to_string(*id));
  return words.empty() ? "nothing" : joined_words(words);
}

std::string present_value(const sync::Task& task, const std::string& field) {
  if (field == "title") return task.title;
  if (field == "body") return task.body;
  if (field == "state") return task.state;
  if (field == "milestone") return task.milestone.value_or("nothing");
  std::vector<std::string> words = task.labels;
  if (field == "assignees") {
    words.clear();
    for (const auto& person : task.assignees)
      words.push_back(person.shown());
  }
  return words.empty() ? "nothing" : joined_words(words);
}

}  // namespace

void fill_lost(html::Fill& content, const sync::Task& task, const sync::RecordState& state,
               const std::vector<sync::Version>& versions, bool is_editor) {
  if (state.lost.empty()) return;
  auto& lost = content.add(lost_names::lost);
  for (const auto& one : state.lost) {
    auto& row = lost.add(lost_names::lost_field);
    row.set(lost_names::lost_name, title_of(one.field));
    row.set(lost_names::lost_text,
            "version " + std::to_string(one.version) + (one.by.empty() ? "" : " by " + one.by));
    row.set(lost_names::lost_value, value_in(versions, one.version, one.field));
    row.set(lost_names::present_value, present_value(task, one.field));
    if (is_editor)
      row.add(lost_names::use_mine).set(lost_names::lost_version, std::to_string(one.version));
  }
}

}  // namespace devy::daemon
