#include "core/sync/merging/pair_json.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::merging {
namespace {

json::Value parse_own(const std::string& document, const char* name) {
  json::Format format;
  format.name = name;
  format.bytes_max = 4UL * 1024 * 1024;
  format.kind = base::ErrorKind::internal;
  return json::parse(document, format);
}

}  // namespace

record::LabelMap label_map(const std::string& labels) {
  record::LabelMap map;
  const auto document = parse_own(labels, "a connection's labels");
  for (const auto& [name, ours] : document.members())
    map.emplace(name, ours.if_text());
  return map;
}

std::map<std::string, std::string> refused_values(const std::string& refused) {
  std::map<std::string, std::string> values;
  for (const auto& [field, digest] : parse_own(refused, "refused fields").members())
    if (const auto text = digest.if_text()) values.emplace(field, *text);
  return values;
}

std::string comment_text(const std::string& fields) {
  return parse_own(fields, "a comment's fields").text("body");
}

bool is_merged(const std::string& flags) {
  return parse_own(flags, "a task's flags").if_boolean("is_merged").value_or(false);
}

void add_field(json::Json& document, const record::TaskFields& fields, const std::string& name) {
  if (name == "title") document.set("title", fields.title);
  else if (name == "body") document.set("body", fields.body);
  else if (name == "milestone") document.set("milestone", fields.milestone);
  else if (name == "state")
    document.set("state", fields.is_closed ? "closed" : "open")
        .set("state_reason",
             fields.state_reason.empty() ? json::Json() : json::Json(fields.state_reason));
}

std::string revision_of(const std::optional<base::TimePoint>& at, std::string_view digest) {
  return (at ? base::format_rfc3339(*at) : std::string()) + "/" + std::string(digest);
}

}  // namespace devy::merging
