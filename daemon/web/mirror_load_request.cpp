#include "daemon/web/mirror_load_request.hpp"

#include <algorithm>
#include <array>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/http/server/query.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::array<LoadRoute, 13> route_table{{
    {"/load/repos/*/*", ""},
    {"/load/repos/*/*/issues", "issues"},
    {"/load/repos/*/*/issues/*", "issues", true},
    {"/load/repos/*/*/pulls", "pulls"},
    {"/load/repos/*/*/pulls/*", "pulls", true},
    {"/load/repos/*/*/pulls/*/files", "files"},
    {"/load/repos/*/*/labels", "labels"},
    {"/load/repos/*/*/labels/*", "labels", true},
    {"/load/repos/*/*/milestones", "milestones"},
    {"/load/repos/*/*/milestones/*", "milestones", true},
    {"/load/repos/*/*/hooks", "hooks"},
    {"/load/repos/*/*/hooks/*", "hooks", true},
    {"/load/user/*/repos", ""},
}};

constexpr json::Format load_format{.name = "the request",
                                   .bytes_max = load_body_bytes_max,
                                   .depth_max = 4,
                                   .kind = ErrorKind::usage,
                                   .hint = "Send {\"target\": \"owner/name\"}."};

[[noreturn]] void refuse_load(std::string text, std::string hint) {
  throw Error(ErrorKind::usage, "unable to load: " + std::move(text), std::move(hint));
}

bool has_load_states(const scan::Target& target) {
  return target.key.empty() &&
         (target.list == "issues" || target.list == "pulls" || target.list == "milestones");
}

bool read_truth(std::string_view name, std::string_view text) {
  for (const auto word : {"true", "1", "yes", "on"})
    if (base::is_same_word(text, word)) return true;
  for (const auto word : {"false", "0", "no", "off"})
    if (base::is_same_word(text, word)) return false;
  refuse_load("'" + std::string(name) + "' is neither true nor false",
              "Say true, 1, yes or on; or false, 0, no or off.");
}

void check_state(const std::string& state) {
  if (state == "open" || state == "closed" || state == "all") return;
  refuse_load("there is no state " + base::in_quotes(base::safe_text(state)),
              "The states are open, closed and all.");
}

// Only the repositories that a user owns are listed for others, and for himself all that he sees.
void check_type(std::string_view type, std::string_view only) {
  if (type == only) return;
  refuse_load("of a user only the repositories of type '" + std::string(only) + "' can be loaded",
              "Leave 'type' out, or say " + std::string(only) + ".");
}

scan::Target target_of(const LoadRoute& route, const server::ReceivedRequest& request) {
  std::string text;
  const std::size_t names_max = route.is_item ? 3 : 2;
  for (std::size_t i = 0; i < std::min(names_max, request.path_values.size()); ++i) {
    const auto part = server::decoded_path_part(request.path_values[i]);
    if (!part || part->empty()) refuse_load("a part of the path is no name", "Check the address.");
    text += (text.empty() ? "" : "/");
    if (i == 2) text.append(route.list).append("/");
    text += *part;
  }
  if (!route.is_item && *route.list != '\0') text.append("/").append(route.list);
  return scan::parse_target(text);
}

LoadRequest read_parameters(scan::Target target, const server::ReceivedRequest& request,
                            std::string_view only_type) {
  const auto query = server::read_query(request);
  LoadRequest load;
  load.target = std::move(target);
  const bool has_states = has_load_states(load.target);
  if (has_states) load.state = "open";
  for (const auto& field : query.all()) {
    const auto& name = field.first;
    const auto value = std::string(query.line(name).value_or(""));
    if (name == "children") {
      load.has_children = read_truth(name, value);
    } else if (name == "inline") {
      load.is_inline = read_truth(name, value);
    } else if (name == "state" && has_states) {
      check_state(value);
      load.state = value;
    } else if (name == "type" && load.target.is_user()) {
      check_type(value, only_type);
    } else {
      refuse_load(base::in_quotes(base::safe_text(name)) + " is none of its parameters",
                  "They are children and inline; of lists of issues, pulls and milestones also "
                  "state; of a user's repositories also type.");
    }
  }
  if (load.has_children) load.is_inline = false;
  return load;
}

}  // namespace

std::span<const LoadRoute> load_routes() {
  return route_table;
}

LoadRequest read_load_route(const LoadRoute& route, const server::ReceivedRequest& request) {
  return read_parameters(target_of(route, request), request, "owner");
}

LoadRequest read_own_load(const std::string& login, const server::ReceivedRequest& request) {
  return read_parameters(scan::parse_target(login), request, "all");
}

LoadRequest read_load_body(const std::string& body) {
  const auto document = json::parse(body, load_format);
  if (!document.is_object()) document.refuse("", "an object");
  for (const auto& [name, value] : document.members())
    if (name != "target" && name != "state" && name != "children" && name != "full")
      refuse_load(base::in_quotes(base::safe_text(name)) + " is none of its members",
                  "They are target, state, children and full.");
  LoadRequest load;
  load.target = scan::parse_target(document.text("target"));
  load.has_children = document.maybe_boolean("children").value_or(false);
  if (!document.maybe_boolean("full").value_or(true))
    refuse_load("a load always reads the whole of a list",
                "Leave 'full' out: what changed since is read without being asked for.");
  if (const auto state = document.maybe_text("state")) {
    check_state(*state);
    if (!has_load_states(load.target) && *state != "all")
      refuse_load("only lists of issues, pulls and milestones have states", "Leave 'state' out.");
    load.state = *state;
  }
  return load;
}

}  // namespace devy::daemon
