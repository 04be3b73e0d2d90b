#include "daemon/web/mirror_api_loads.hpp"

#include <algorithm>
#include <map>

#include "core/mirror/scan/actor.hpp"
#include "core/mirror/scan/load.hpp"
#include "core/mirror/store/load_status.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/config/token_scope.hpp"
#include "core/platform/github/api_budget.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/audit_store.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/mirror_load_request.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;
using json::Json;
using mirror::Load;

constexpr int github_silent_seconds = 30;
// Repositories of a user's load that are looked up for one answer; further ones are left out.
constexpr std::size_t looked_up_max = 500;

// The name of the limit that requests about a repository count against, as runners name it.
std::string budget_name(const config::Config& config, const std::string& repository,
                        const std::optional<mirror::Repository>& known) {
  if (config.github.has_app())
    return known && known->installation ? "installation/" + std::to_string(*known->installation)
                                        : "none";
  const bool has_token = !config.github.token_file.empty() &&
                         config::is_in_token_scope(config.github.token_for, repository);
  return has_token ? "token" : "none";
}

void add_budget(pg::Connection& connection, const std::string& name, http::Response& response) {
  const auto budget = github::find_budget(connection, name);
  if (!budget) return;
  const auto reset =
      std::chrono::duration_cast<std::chrono::seconds>(budget->reset_at.time_since_epoch());
  server::set_header(response, "X-RateLimit-Limit", std::to_string(budget->quota));
  server::set_header(response, "X-RateLimit-Remaining", std::to_string(budget->remaining));
  server::set_header(response, "X-RateLimit-Reset", std::to_string(reset.count()));
}

// How a load that somebody waited for has ended.
http::Response ended(const Load& load) {
  const auto* failed = load.first_failed();
  if (failed == nullptr)
    return json_answer(200, Json::object({{"message", "success"}, {"id", load.own().id}}));
  if (failed->error_code == "github_not_found" || failed->error_code == "github_gone")
    return absent_answer();
  const auto& text = failed->error_text;
  return later_answer(text.empty() ? "The load was cancelled." : base::safe_text(text) + ".",
                      failed_again_seconds);
}

MirrorAnswer begin_load(MirrorCall& call, const LoadRequest& wanted, std::string_view place,
                        std::optional<mirror::Actor> actor = std::nullopt) {
  const auto& target = wanted.target;
  std::optional<mirror::Repository> known;
  if (!target.is_user()) {
    known = mirror::find_repository(call.connection, target.repository);
    const auto access = call.access.check(call.connection, call.caller, target.repository, known,
                                          target.list == "hooks" ? Wanted::admin : Wanted::pull,
                                          call.is_waiting_allowed);
    if (auto obstacle = obstacle_of(access)) return *std::move(obstacle);
    if (!known && !target.list.empty())
      return message_answer(404, "The mirror does not know this repository yet: POST /load/repos/" +
                                     target.repository + " first.");
  }
  scan::LoadOptions options;
  options.state = wanted.state;
  options.has_children = wanted.has_children;
  options.request.source = queue::Source::api;
  options.request.requested_by = call.caller.name;
  options.actor = std::move(actor);
  const auto recorded = scan::record_load(call.connection, call.config, target, options);
  auto response = queued_answer(recorded, place);
  const auto budget = options.actor ? "user/" + std::to_string(options.actor->github_id)
                                    : budget_name(call.config, target.repository, known);
  add_budget(call.connection, budget, response);
  if (!wanted.is_inline) return response;
  LateAnswer late;
  late.longest = inline_wait;
  late.look = [response, budget, id = recorded.id](pg::Connection& connection,
                                                   bool is_last) -> std::optional<http::Response> {
    const auto load = mirror::load_status(connection, id);
    if (!load.is_over()) return is_last ? std::optional(response) : std::nullopt;
    auto result = ended(load);
    add_budget(connection, budget, result);
    return result;
  };
  return late;
}

std::optional<mirror::Repository> repository_of(pg::Connection& connection,
                                                const mirror::LoadStep& step,
                                                const scan::Target& target) {
  if (step.repository_id) return mirror::find_repository(connection, *step.repository_id);
  return mirror::find_repository(connection, target.repository);
}

// A caller sees those repositories of a user's load that he may know of.
void leave_out_others(MirrorCall& call, Load& load) {
  std::map<std::string, bool> shown;
  const auto is_hidden = [&](const mirror::LoadStep& step) {
    const auto target = scan::parse_target(step.target);
    if (target.is_user()) return false;
    if (const auto found = shown.find(target.repository); found != shown.end())
      return !found->second;
    if (shown.size() >= looked_up_max) return true;
    const auto repository = repository_of(call.connection, step, target);
    const bool is_shown =
        repository && call.access.is_known_open(call.connection, call.caller, *repository);
    shown.emplace(target.repository, is_shown);
    return !is_shown;
  };
  std::erase_if(load.steps, is_hidden);
}

// The load, or why the caller does not get it.
std::variant<Load, MirrorAnswer> find_load(MirrorCall& call) {
  const auto id = base::OperationId::parse(call.request.path_values.at(0));
  if (!id) return absent_answer();
  auto load = mirror::load_status(call.connection, *id);
  const auto target = scan::parse_target(load.own().target);
  if (target.is_user()) {
    if (load.own().actor_id && load.own().actor_id != call.caller.github_id) return absent_answer();
    leave_out_others(call, load);
    return load;
  }
  const auto known = repository_of(call.connection, load.own(), target);
  const auto access = call.access.check(
      call.connection, call.caller, known ? known->full_name : target.repository, known,
      target.list == "hooks" ? Wanted::admin : Wanted::pull, call.is_waiting_allowed);
  if (auto obstacle = obstacle_of(access)) return *std::move(obstacle);
  return load;
}

MirrorAnswer show_load(MirrorCall& call) {
  auto found = find_load(call);
  if (auto* refused = std::get_if<MirrorAnswer>(&found)) return std::move(*refused);
  return json_answer(200, mirror::load_json(std::get<Load>(found)));
}

// Whoever asked for a load may cancel it, with what it has recorded; what it had joined goes on.
MirrorAnswer cancel_load(MirrorCall& call) {
  auto found = find_load(call);
  if (auto* refused = std::get_if<MirrorAnswer>(&found)) return std::move(*refused);
  const auto& load = std::get<Load>(found);
  if (call.caller.is_anonymous() || load.own().requested_by != call.caller.name)
    return message_answer(403, "Somebody else asked for this load: only he can cancel it here.");
  if (load.is_over()) return message_answer(409, "The load has ended already.");
  pg::Transaction transaction(call.connection);
  for (const auto& step : load.steps) {
    const bool is_joined = step.created_at < load.own().created_at ||
                           (!step.requested_by.empty() && step.requested_by != call.caller.name);
    if (queue::is_terminal(step.state) || is_joined) continue;
    queue::cancel(call.connection, step.id, false, "cancelled by " + call.caller.name);
  }
  web::record_act(call.connection, {.actor = call.caller.name,
                                    .address = sender_of(call.request).address,
                                    .act = "operation.cancel",
                                    .target = load.own().id.text()});
  transaction.commit();
  return json_answer(200, mirror::load_json(mirror::load_status(call.connection, load.own().id)));
}

// A list of one's own repositories needs one's own token later, in a runner.
MirrorAnswer load_own_repositories(MirrorCall& call) {
  const auto& caller = call.caller;
  if (call.config.mirror.token_key_file.empty())
    return message_answer(403,
                          "Your own repositories cannot be loaded here: a runner would need your "
                          "token, and this server keeps none (mirror.token_key_file). POST "
                          "/load/user/<login>/repos loads those that everybody sees.");
  if (caller.github_token.empty() || !caller.github_id)
    return message_answer(403,
                          "Your own repositories are listed with your own token: send one of "
                          "GitHub's as `Authorization: Bearer`.");
  return begin_load(call, read_own_load(caller.login, call.request), original_load_place,
                    scan::seal_actor(call.config, *caller.github_id, caller.github_token));
}

}  // namespace

http::Response absent_answer() {
  return message_answer(404, "Not found.");
}

std::optional<MirrorAnswer> obstacle_of(Access access) {
  switch (access) {
    case Access::open: return std::nullopt;
    case Access::closed: return absent_answer();
    case Access::ask_github: return AskGithub();
    case Access::not_told: break;
  }
  return later_answer("GitHub does not say whether this is yours to see.", github_silent_seconds);
}

http::Response queued_answer(const mirror::Recorded& recorded, std::string_view place) {
  const auto url = std::string(place) + recorded.id.text();
  auto response = json_answer(202, Json::object({{"message", "queued"},
                                                 {"id", recorded.id},
                                                 {"url", url},
                                                 {"joined", recorded.is_joined}}));
  server::set_header(response, "Location", url);
  return response;
}

std::vector<MirrorRoute> mirror_load_routes() {
  std::vector<MirrorRoute> routes{{"POST", "/load/user/repos", 0, load_own_repositories}};
  for (const auto& route : load_routes())
    routes.push_back({"POST", route.path, 0, [&route](MirrorCall& call) {
                        return begin_load(call, read_load_route(route, call.request),
                                          original_load_place);
                      }});
  routes.push_back({"GET", "/tasks/status/*", 0, show_load});
  routes.push_back({"POST", "/v1/mirror/loads", load_body_bytes_max, [](MirrorCall& call) {
                      return begin_load(call, read_load_body(call.request.body), own_load_place);
                    }});
  routes.push_back({"GET", "/v1/mirror/loads/*", 0, show_load});
  routes.push_back({"DELETE", "/v1/mirror/loads/*", 0, cancel_load});
  return routes;
}

}  // namespace devy::daemon
