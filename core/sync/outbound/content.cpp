#include "core/sync/outbound/content.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/percent.hpp"
#include "core/sync/store/label_map.hpp"

namespace devy::outbound {
namespace {

using json::Json;

// A label's name in an address.
std::string in_address(const std::string& name) {
  std::string encoded;
  for (const char byte : name)
    if (base::is_letter_or_digit(byte) || byte == '-' || byte == '_' || byte == '.')
      encoded += byte;
    else base::append_percent_encoded(encoded, byte);
  return encoded;
}

}  // namespace

record::Author Content::author() const {
  return {sending_.author_name, config_.site.url + "/" + sending_.author_name};
}

std::string Content::item() const {
  return (sending_.is_task ? "/" : "/comments/") + std::to_string(sending_.key.value());
}

std::string Content::text_as(const std::string& text, const std::string& former) const {
  record::Decoration decoration;
  auto stripped = record::strip(former);
  if (stripped.has_header && !sending_.author.empty()) decoration.author = author();
  decoration.marker = std::move(stripped.marker);
  decoration.mentions = sync::linked_logins(connection_, record::names_mentioned(text));
  decoration.former = former;
  return record::decorate(text, decoration);
}

// GitHub's names for ours: what is mapped, and else the same where the repository has it.
std::vector<std::string> Content::names_of_labels(const std::set<std::string>& labels,
                                                  std::set<std::string>& unknown) const {
  std::set<std::string> wanted;
  const auto map = sync::read_label_map(sending_.labels);
  for (const auto& label : labels) {
    auto name = label;
    for (const auto& [theirs, ours] : map)
      if (ours == label) name = theirs;
    wanted.insert(name);
  }
  if (config_.sync.labels_create) return {wanted.begin(), wanted.end()};
  const auto known = sync::known_labels(connection_, repository_, wanted);
  std::vector<std::string> names;
  for (const auto& name : wanted) {
    const auto found = known.find(base::to_lower(name));
    if (found == known.end()) unknown.insert("labels");
    else names.push_back(found->second);
  }
  return names;
}

std::vector<std::string> Content::logins(const std::set<std::int64_t>& users,
                                         std::set<std::string>& unknown) const {
  std::vector<std::string> names;
  const auto known = sync::logins_of(connection_, users);
  for (const auto& [id, login] : known)
    names.push_back(login);
  if (known.size() < users.size()) unknown.insert("assignees");
  return names;
}

std::string Content::creation(const record::TaskFields& fields, const record::Marker& marker,
                              bool as_author, std::set<std::string>& unknown) const {
  record::Decoration decoration;
  if (!as_author && !sending_.author.empty()) decoration.author = author();
  decoration.marker = marker;
  decoration.mentions = sync::linked_logins(connection_, record::names_mentioned(fields.body));
  const auto body = record::decorate(fields.body, decoration);
  if (!sending_.is_task) return Json::object({{"body", body}}).compact();
  auto document = Json::object({{"title", fields.title}, {"body", body}});
  if (const auto labels = names_of_labels(fields.labels, unknown); !labels.empty())
    document.set("labels", labels);
  if (const auto users = logins(fields.assignees, unknown); !users.empty())
    document.set("assignees", users);
  if (fields.milestone) {
    const auto number = sync::milestone_number(connection_, repository_, *fields.milestone);
    if (number) document.set("milestone", *number);
    else unknown.insert("milestone");
  }
  return document.compact();
}

// By adding and removing single labels: whoever sends a whole list takes away what others have
// added meanwhile.
void Content::plan_labels(const record::TaskFields& fields, const record::RemoteTask& remote,
                          Plan& plan) const {
  const auto map = sync::read_label_map(sending_.labels);
  std::set<std::string> there;
  for (const auto& name : remote.labels) {
    const auto found = map.find(name);
    if (found != map.end() && !found->second) continue;  // ignored
    const auto& ours = found == map.end() ? name : *found->second;
    there.insert(ours);
    if (fields.labels.contains(ours)) continue;
    plan.requests.push_back(
        {"DELETE", item() + "/labels/" + in_address(name), "", {"labels"}, false});
    plan.fields.insert("labels");
  }
  std::set<std::string> added;
  for (const auto& label : fields.labels)
    if (!there.contains(label)) added.insert(label);
  const auto names = names_of_labels(added, plan.unknown);
  if (names.empty()) return;
  plan.requests.push_back(
      {"POST", item() + "/labels", Json::object({{"labels", names}}).compact(), {"labels"}, false});
  plan.fields.insert("labels");
}

void Content::plan_assignees(const record::TaskFields& fields, const record::RemoteTask& remote,
                             Plan& plan) const {
  std::set<std::int64_t> added, removed;
  for (const auto user : fields.assignees)
    if (!remote.assignees.contains(user)) added.insert(user);
  for (const auto user : remote.assignees)
    if (!fields.assignees.contains(user)) removed.insert(user);
  const auto add = [&](const char* method, const std::set<std::int64_t>& users) {
    const auto names = logins(users, plan.unknown);
    if (names.empty()) return;
    plan.requests.push_back({method,
                             item() + "/assignees",
                             Json::object({{"assignees", names}}).compact(),
                             {"assignees"},
                             true});
    plan.fields.insert("assignees");
  };
  add("DELETE", removed);
  add("POST", added);
}

Plan Content::edit_task(const record::TaskFields& fields, const record::RemoteTask& remote,
                        const std::set<std::string>& names) const {
  Plan plan;
  if (names.contains("labels")) plan_labels(fields, remote, plan);
  if (names.contains("assignees")) plan_assignees(fields, remote, plan);
  auto document = Json::object();
  std::set<std::string> sent;
  if (names.contains("title")) {
    document.set("title", fields.title);
    sent.insert("title");
  }
  if (names.contains("body")) {
    document.set("body", text_as(fields.body, remote.body));
    sent.insert("body");
  }
  if (names.contains("state")) {
    document.set("state", fields.is_closed ? "closed" : "open");
    if (fields.is_closed)
      document.set("state_reason", fields.state_reason.empty() ? "completed" : fields.state_reason);
    sent.insert("state");
  }
  if (names.contains("milestone")) {
    std::optional<std::int64_t> number;
    if (fields.milestone)
      number = sync::milestone_number(connection_, repository_, *fields.milestone);
    if (fields.milestone && !number) plan.unknown.insert("milestone");
    else {
      document.set("milestone", number);
      sent.insert("milestone");
    }
  }
  if (!sent.empty()) plan.requests.push_back({"PATCH", item(), document.compact(), sent, true});
  plan.fields.merge(sent);
  return plan;
}

Plan Content::edit_comment(const std::string& text, const record::RemoteComment& remote) const {
  Plan plan;
  const auto body = Json::object({{"body", text_as(text, remote.body)}}).compact();
  plan.requests.push_back({"PATCH", item(), body, {"body"}, true});
  plan.fields.insert("body");
  return plan;
}

}  // namespace devy::outbound
