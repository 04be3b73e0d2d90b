#include "daemon/web/mirror_api_hooks.hpp"

#include "core/mirror/hook/switch.hpp"
#include "core/mirror/scan/actor.hpp"
#include "core/mirror/scan/target.hpp"
#include "core/mirror/store/load_status.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/http/server/form.hpp"
#include "core/platform/http/server/query.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/audit_store.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/hook_token.hpp"
#include "daemon/web/mirror_api_loads.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;
using json::Json;
using mirror::HookAct;

// The answer that refuses whoever cannot switch webhooks at all, whatever the repository; nothing
// for whoever can.
std::optional<MirrorAnswer> missing_token(const MirrorCall& call) {
  if (call.config.mirror.token_key_file.empty())
    return message_answer(403,
                          "Webhooks cannot be switched here: a runner would need your token, and "
                          "this server keeps none (mirror.token_key_file).");
  if (!call.caller.github_token.empty() && call.caller.github_id) return std::nullopt;
  if (!call.caller.has_session)
    return message_answer(
        403,
        "A webhook is switched with your own token: send one of GitHub's with the "
        "scope " +
            std::string(hook_scope) + " as `Authorization: Bearer`.");
  const auto obstacle = hook_token_obstacle(call.config.web);
  return message_answer(403, obstacle.empty() ? "This site has no token of yours that switches "
                                                "webhooks: open " +
                                                    hook_login_url("/mirror").text() + " first."
                                              : obstacle);
}

std::string audited_name(HookAct act) {
  return act == HookAct::install ? "hook.install" : "hook.uninstall";
}

http::Response switched_answer(pg::Connection& connection, HookAct act,
                               const base::OperationId& id) {
  auto ids = Json::array();
  const auto hooks = mirror::noted_hooks(connection, id);
  for (const auto hook : hooks)
    ids.push(hook);
  const char* message = act == HookAct::install ? "success"
                        : hooks.empty()         ? "no hooks deleted"
                                                : "deleted";
  return json_answer(200, Json::object({{"message", message}, {"id", id}, {"ids", ids}}));
}

// A webhook that GitHub does not let him switch: what it said, which he may know. What is wrong
// with this server is for its operators.
http::Response refused_switch(const mirror::LoadStep& step) {
  const bool is_his = step.error_code.starts_with("github_") || step.error_code == "rate_limited" ||
                      step.error_code == "actor_token_gone";
  const auto text = step.error_text.empty() ? "It was cancelled."
                    : is_his                ? base::safe_text(step.error_text) + "."
                             : "It failed here: the operators see why at " + step.id.text() + ".";
  return later_answer(text, failed_again_seconds);
}

MirrorAnswer switch_hook(MirrorCall& call, const std::string& name, HookAct act) {
  const auto target = scan::parse_target(name);
  if (target.is_user() || !target.list.empty())
    throw Error(ErrorKind::usage, "unable to switch a webhook: no repository is named",
                "Name its owner and its name.");
  if (auto refused = missing_token(call)) return *std::move(refused);
  const auto known = mirror::find_repository(call.connection, target.repository);
  const auto access = call.access.check(call.connection, call.caller, target.repository, known,
                                        Wanted::admin, call.is_waiting_allowed);
  if (auto obstacle = obstacle_of(access)) return *std::move(obstacle);
  if (!known)
    return message_answer(404, "The mirror does not know this repository yet: POST /load/repos/" +
                                   target.repository + " first.");
  pg::Transaction transaction(call.connection);
  scan::Request request;
  request.source = queue::Source::api;
  request.requested_by = call.caller.name;
  const auto recorded = hook::record_switch(
      call.connection, *known, act,
      scan::seal_actor(call.config, call.caller.github_id.value(), call.caller.github_token),
      request);
  web::record_act(call.connection, {.actor = call.caller.name,
                                    .address = sender_of(call.request).address,
                                    .act = audited_name(act),
                                    .target = known->full_name});
  transaction.commit();
  queue::wake_workers(call.connection);
  LateAnswer late;
  late.longest = inline_wait;
  late.look = [act, response = queued_answer(recorded, own_load_place), id = recorded.id](
                  pg::Connection& connection, bool is_last) -> std::optional<http::Response> {
    const auto load = mirror::load_status(connection, id);
    if (!load.is_over()) return is_last ? std::optional(response) : std::nullopt;
    if (const auto* failed = load.first_failed()) return refused_switch(*failed);
    return switched_answer(connection, act, id);
  };
  return late;
}

std::string repository_in_path(const MirrorCall& call) {
  const auto owner = server::decoded_path_part(call.request.path_values.at(0));
  const auto name = server::decoded_path_part(call.request.path_values.at(1));
  if (!owner || !name)
    throw Error(ErrorKind::usage, "unable to switch a webhook: a part of the path is no name",
                "Check the address.");
  return *owner + "/" + *name;
}

std::string repository_in_form(const MirrorCall& call) {
  const auto form = server::read_form(call.request);
  const auto owner = form.line("owner").value_or(""), name = form.line("repo").value_or("");
  if (owner.empty() || name.empty())
    throw Error(ErrorKind::usage, "unable to switch a webhook: owner or repo is missing",
                "Send both as fields of a form.");
  return std::string(owner) + "/" + std::string(name);
}

MirrorRoute route_of_path(const char* method, HookAct act) {
  return {method, "/v1/mirror/repositories/*/*/hook", 0,
          [act](MirrorCall& call) { return switch_hook(call, repository_in_path(call), act); }};
}

MirrorRoute route_of_form(const char* path, HookAct act) {
  return {"POST", path, server::form_limits.bytes_max,
          [act](MirrorCall& call) { return switch_hook(call, repository_in_form(call), act); },
          true};
}

}  // namespace

std::vector<MirrorRoute> mirror_hook_routes() {
  return {route_of_path("PUT", HookAct::install), route_of_path("DELETE", HookAct::uninstall),
          route_of_form("/install", HookAct::install),
          route_of_form("/uninstall", HookAct::uninstall)};
}

}  // namespace devy::daemon
