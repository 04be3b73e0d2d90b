#include "core/sync/record/remote.hpp"

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/sync/record/marker.hpp"
#include "core/sync/record/stored_json.hpp"

namespace devy::record {
namespace {

// A closed one without a reason is completed.
std::string reason_of(const RemoteTask& remote) {
  if (!remote.is_closed) return {};
  return remote.state_reason.empty() ? "completed" : remote.state_reason;
}

}  // namespace

std::string digest(const RemoteTask& remote) {
  base::Sha256Stream stream;
  stream.field("task");
  stream.field(normal_text(remote.title));
  stream.field(normal_text(remote.body));
  stream.field(remote.is_closed ? "closed" : "open");
  stream.field(reason_of(remote));
  stream.field(remote.milestone ? "in" : "none");
  stream.field(remote.milestone.value_or(""));
  stream.field(std::to_string(remote.labels.size()));
  for (const auto& label : remote.labels)
    stream.field(label);
  for (const auto user : remote.assignees)
    stream.field(std::to_string(user));
  return base::to_hex(stream.finish());
}

std::string digest(const RemoteComment& remote) {
  base::Sha256Stream stream;
  stream.field("comment");
  stream.field(normal_text(remote.body));
  return base::to_hex(stream.finish());
}

json::Json to_json(const RemoteTask& remote) {
  auto assignees = json::Json::array();
  for (const auto user : remote.assignees)
    assignees.push(user);
  return json::Json::object(
      {{"title", remote.title},
       {"body", remote.body},
       {"state", remote.is_closed ? "closed" : "open"},
       {"state_reason", remote.state_reason.empty() ? json::Json() : remote.state_reason},
       {"labels", std::vector<std::string>(remote.labels.begin(), remote.labels.end())},
       {"milestone", remote.milestone},
       {"assignees", assignees}});
}

json::Json to_json(const RemoteComment& remote) {
  return json::Json::object({{"body", remote.body}});
}

RemoteTask remote_task(const std::string& json) {
  const auto value = parse_stored(json, "what GitHub said of a task");
  RemoteTask remote;
  remote.title = value.maybe_text("title").value_or("");
  remote.body = value.maybe_text("body").value_or("");
  remote.is_closed = value.text("state") == "closed";
  if (remote.is_closed) remote.state_reason = value.maybe_text("state_reason").value_or("");
  for (const auto& label : value.items("labels"))
    remote.labels.insert(label.text());
  remote.milestone = value.maybe_text("milestone");
  for (const auto& user : value.items("assignees"))
    remote.assignees.insert(user.integer());
  return remote;
}

RemoteComment remote_comment(const std::string& json) {
  return {parse_stored(json, "what GitHub said of a comment").maybe_text("body").value_or("")};
}

TaskFields to_local(const RemoteTask& remote, const LabelMap& labels) {
  TaskFields fields;
  fields.title = normal_text(remote.title);
  fields.body = strip(remote.body).text;
  fields.is_closed = remote.is_closed;
  fields.state_reason = reason_of(remote);
  for (const auto& label : remote.labels) {
    const auto named = labels.find(label);
    if (named == labels.end()) fields.labels.insert(label);
    else if (named->second) fields.labels.insert(*named->second);
  }
  fields.milestone = remote.milestone;
  fields.assignees = remote.assignees;
  return fields;
}

std::string to_local(const RemoteComment& remote) {
  return strip(remote.body).text;
}

}  // namespace devy::record
