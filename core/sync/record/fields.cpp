#include "core/sync/record/fields.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/sync/record/stored_json.hpp"

namespace devy::record {

std::string normal_text(std::string_view text) {
  std::string normal;
  normal.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r') normal += text[at];
    else if (at + 1 == text.size() || text[at + 1] != '\n') normal += '\n';
  }
  constexpr std::string_view white = " \t\n\v\f\r";
  const auto first = normal.find_first_not_of(white);
  if (first == std::string::npos) return {};
  return normal.substr(first, normal.find_last_not_of(white) + 1 - first);
}

json::Json to_json(const TaskFields& fields) {
  auto assignees = json::Json::array();
  for (const auto user : fields.assignees)
    assignees.push(user);
  return json::Json::object(
      {{"title", fields.title},
       {"body", fields.body},
       {"state", fields.is_closed ? "closed" : "open"},
       {"state_reason", fields.state_reason.empty() ? json::Json() : fields.state_reason},
       {"labels", std::vector<std::string>(fields.labels.begin(), fields.labels.end())},
       {"milestone", fields.milestone},
       {"assignees", assignees}});
}

TaskFields task_fields(const std::string& json) {
  const auto value = parse_stored(json, "a task's fields");
  TaskFields fields;
  fields.title = value.text("title");
  fields.body = value.text("body");
  fields.is_closed = value.text("state") == "closed";
  fields.state_reason = value.maybe_text("state_reason").value_or("");
  for (const auto& label : value.items("labels"))
    fields.labels.insert(label.text());
  fields.milestone = value.maybe_text("milestone");
  for (const auto& user : value.items("assignees"))
    fields.assignees.insert(user.integer());
  return fields;
}

std::string value_digest(const TaskFields& fields, std::string_view field) {
  json::Json value;
  if (field == "title") value = fields.title;
  else if (field == "body") value = fields.body;
  else if (field == "state") value = fields.is_closed ? fields.state_reason : "open";
  else if (field == "labels")
    value = std::vector<std::string>(fields.labels.begin(), fields.labels.end());
  else if (field == "milestone") value = fields.milestone;
  else if (field == "assignees") {
    value = json::Json::array();
    for (const auto user : fields.assignees)
      value.push(user);
  } else {
    throw base::Error(base::ErrorKind::internal,
                      "unable to digest a field: unknown name '" + std::string(field) + "'");
  }
  return base::to_hex(base::sha256(value.compact()));
}

}  // namespace devy::record
