#include "core/publishing/connecting/hook_handler.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/github/own_hook.hpp"
#include "core/platform/github/within_limits.hpp"
#include "core/platform/token/sealing.hpp"
#include "core/platform/web/github_login.hpp"
#include "core/platform/webhook/secret_list.hpp"
#include "core/publishing/store/status_store.hpp"

namespace devy::connecting {
namespace {

using base::Error;
using base::ErrorKind;
using publishing::HookAct;
using publishing::HookDelivery;
using publishing::HookTask;

constexpr const char* again_hint = "Install it again from the blog's page, which asks GitHub anew.";

base::Secret token_of(pg::Connection& connection, const config::Config& config,
                      const HookTask& task) {
  std::optional<base::Secret> token;
  if (task.session)
    token = web::gained_token(connection, *task.session,
                              token::SealingKey::from_file(config.web.key_file));
  if (!token)
    throw Error(ErrorKind::denied,
                "unable to ask GitHub about the webhook: the session that asked for it has ended",
                again_hint, "hook_token_gone");
  return *std::move(token);
}

// Requests with the user's token. What GitHub refuses has nothing to do with our own credential.
github::HookCalls calls_with(github::Client& client, const base::Secret& token) {
  const auto send = [&client, &token](const github::Call& call) {
    try {
      return client.send(call);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::denied && error.kind() != ErrorKind::not_found) throw;
      if (call.method == "DELETE") throw;
      throw Error(
          error.kind(), "unable to switch the webhook: GitHub does not let you administer it",
          "An administrator of the repository can; " + std::string(again_hint), "hook_refused");
    }
  };
  return {[send, &token](const std::string& address) {
            return send({.path = address, .bearer = &token, .purpose = "blog_hook"});
          },
          [send, &token](std::string_view method, const std::string& address, std::string body) {
            return send({.method = std::string(method),
                         .path = address,
                         .body = std::move(body),
                         .bearer = &token,
                         .purpose = "blog_hook"});
          }};
}

github::HookWish wish_for(const config::Config& config, const HookTask& task) {
  if (!task.github_id)
    throw Error(ErrorKind::not_found,
                "unable to install a webhook: the repository's id at GitHub is not known",
                "Connect the blog again.", "repository_unbound");
  return {*task.github_id, config.mirror.hook_url, wanted_events()};
}

}  // namespace

HookHandler::HookHandler(const config::Config& config, const base::Clock& clock)
    : config_(config), access_(config, clock) {}

std::optional<queue::AttemptResult> HookHandler::run(queue::Attempt& attempt) {
  auto& connection = attempt.connection;
  const auto task = publishing::load_hook_task(connection, attempt.lease.operation);
  const base::log::Scope scope({{"repository", task.url}});
  // Whoever changed his mind meanwhile has recorded another one.
  if (task.is_connected != (task.act == HookAct::install)) return queue::AttemptResult{};
  const auto share = "session/" + (task.session ? task.session->text() : std::string("none"));
  HookDelivery delivery{};
  auto given_back = github::within_limits(
      connection, static_cast<int>(config_.github.concurrency), [&] { return share; },
      [&] {
        delivery =
            task.act == HookAct::install ? install(connection, task) : remove(connection, task);
      });
  if (given_back) return given_back;
  publishing::note_hook_delivery(connection, attempt.lease.operation, delivery);
  base::log::info("webhook switched", {{"act", std::string(to_string(task.act))},
                                       {"delivery", std::string(to_string(delivery))}});
  return queue::AttemptResult{};
}

bool HookHandler::is_told_by_app(pg::Connection& connection, const HookTask& task) {
  const auto name = github::repository_name(config_.github, task.url);
  if (!access_.is_app() || !name) return false;
  github::Repository repository{*name, std::nullopt, task.github_id};
  try {
    static_cast<void>(access_.bearer_for(repository));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    return false;
  }
  publishing::save_installation(connection, task.repository, *repository.installation);
  return true;
}

HookDelivery HookHandler::install(pg::Connection& connection, const HookTask& task) {
  const auto wish = wish_for(config_, task);
  if (is_told_by_app(connection, task)) return HookDelivery::app;
  if (wish.url.empty())
    throw Error(ErrorKind::config, "unable to install a webhook: its address is not configured",
                "The operator sets mirror.hook_url to the address at which GitHub reaches the "
                "daemon, like https://devy.example/v1/webhooks.",
                "hook_url_missing");
  const auto secret = webhook::newest_secret(config_.webhook.secrets, wish.repository_id);
  const auto token = token_of(connection, config_, task);
  static_cast<void>(github::install_hook(calls_with(access_.client(), token), wish, secret));
  return HookDelivery::hook;
}

HookDelivery HookHandler::remove(pg::Connection& connection, const HookTask& task) {
  const auto wish = wish_for(config_, task);
  if (wish.url.empty()) return HookDelivery::hook;  // none of ours was ever installed
  const auto token = token_of(connection, config_, task);
  bool is_kept = false;
  for (const auto& hook : github::remove_hooks(calls_with(access_.client(), token), wish))
    is_kept = is_kept || hook.is_kept;
  return is_kept ? HookDelivery::kept : HookDelivery::hook;
}

std::vector<std::string> wanted_events() {
  return {"meta", "public", "push", "repository"};
}

queue::Kind hook_operation_kind() {
  queue::Kind kind;
  kind.name = publishing::hook_kind;
  kind.lane = queue::github_lane;
  kind.direction = queue::Direction::outbound;
  kind.make_handler = [](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<HookHandler>(context.config, context.clock);
  };
  kind.limits = [](const config::Config& config) {
    return queue::KindLimits{config.workers.stall, config.workers.wall_clock};
  };
  kind.is_on = [](const config::Config& config) { return !config.web.key_file.empty(); };
  kind.records = {"blog_hooks", "records of blogs' webhooks"};
  return kind;
}

}  // namespace devy::connecting
