#include "daemon/web/mirror_page_act.hpp"

#include <array>

#include "core/mirror/hook/switch.hpp"
#include "core/mirror/scan/actor.hpp"
#include "core/mirror/scan/load.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/url.hpp"
#include "core/platform/web/login_store.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/hook_token.hpp"
#include "daemon/web/mirror_overseer.hpp"
#include "daemon/web/mirror_pages.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

enum class MirrorActKind { load, hooks, on, off };

struct MirrorActRow {
  MirrorActKind kind;
  std::string_view field;  // whose value names the repository
  std::string_view audited;
  std::string_view text;  // what the page says afterwards
};

constexpr std::array<MirrorActRow, 4> mirror_act_rows{{
    {MirrorActKind::load, "load", "mirror.load", "It is loaded as soon as a runner is free."},
    {MirrorActKind::hooks, "hooks", "mirror.load_hooks", "Its webhooks are read again."},
    {MirrorActKind::on, "on", "hook.install", "Its webhook is being enabled."},
    {MirrorActKind::off, "off", "hook.uninstall", "Its webhook is being disabled."},
}};

scan::Request request_of(const Visit& visit) {
  scan::Request request;
  request.source = queue::Source::api;
  request.requested_by = visit.actor();
  return request;
}

void note_mirror_act(Visit& visit, std::string_view act, const std::string& target) {
  web::record_act(visit.connection, {.actor = visit.actor(),
                                     .address = sender_of(visit.request).address,
                                     .act = std::string(act),
                                     .target = target});
}

http::Response back_to_mirror(const std::string& name, const std::string& value) {
  return server::redirect_response(303, html::own_url({"mirror"}, {{name, value}}).text());
}

// Nothing where the site or the session has none: the page says what to do.
std::optional<mirror::Actor> actor_of(Visit& visit) {
  if (!actor_obstacle(visit).empty()) return std::nullopt;
  const auto github_id = web::github_id_of(visit.connection, visit.visitor->username);
  const auto token = hook_token(visit);
  if (!github_id || !token) return std::nullopt;
  return scan::seal_actor(visit.config, *github_id, *token);
}

http::Response sync_repositories(Visit& visit) {
  auto actor = actor_of(visit);
  if (!actor) return back_to_mirror("needs", "token");
  scan::LoadOptions options;
  options.request = request_of(visit);
  options.actor = std::move(actor);
  pg::Transaction transaction(visit.connection);
  static_cast<void>(scan::record_load_within(visit.connection, visit.config,
                                             {visit.visitor->username, {}, {}}, options));
  note_mirror_act(visit, "mirror.repositories", visit.visitor->username);
  transaction.commit();
  queue::wake_workers(visit.connection);
  return back_to_mirror("done", "repositories");
}

void load_overseen(Visit& visit, const mirror::Repository& repository, MirrorActKind kind) {
  scan::LoadOptions options;
  options.request = request_of(visit);
  options.has_children = kind == MirrorActKind::load;
  options.is_adding = kind == MirrorActKind::load;
  const std::string list = kind == MirrorActKind::hooks ? "hooks" : "";
  static_cast<void>(scan::record_load_within(visit.connection, visit.config,
                                             {repository.full_name, list, {}}, options));
}

http::Response act_on_overseen(Visit& visit, const MirrorActRow& act, const std::string& name) {
  const auto overseen = find_overseen(visit, name);
  const bool is_switch = act.kind == MirrorActKind::on || act.kind == MirrorActKind::off;
  std::optional<mirror::Actor> actor;
  if (is_switch) {
    actor = actor_of(visit);
    if (!actor) return back_to_mirror("needs", "token");
  }
  pg::Transaction transaction(visit.connection);
  if (is_switch)
    static_cast<void>(hook::record_switch(
        visit.connection, overseen.repository,
        act.kind == MirrorActKind::on ? mirror::HookAct::install : mirror::HookAct::uninstall,
        *actor, request_of(visit)));
  else load_overseen(visit, overseen.repository, act.kind);
  note_mirror_act(visit, act.audited, overseen.repository.full_name);
  transaction.commit();
  queue::wake_workers(visit.connection);
  return back_to_mirror("done", std::string(act.field));
}

}  // namespace

std::string_view mirror_done_text(std::string_view done) {
  if (done == "repositories") return "GitHub is asked for the list of your repositories.";
  if (done == "stopped") return "What waited has ended; what runs stops at its next step.";
  for (const auto& row : mirror_act_rows)
    if (row.field == done) return row.text;
  return {};
}

std::string actor_obstacle(const Visit& visit) {
  if (visit.config.mirror.token_key_file.empty())
    return "This site cannot act at GitHub in your name: its operator has not set "
           "mirror.token_key_file.";
  return hook_token_obstacle(visit.config.web);
}

http::Response act_on_mirror(Visit& visit) {
  scan::require_mirror(visit.config);
  if (visit.form.line("act") == "repositories") return sync_repositories(visit);
  for (const auto& row : mirror_act_rows)
    if (const auto name = visit.form.line(row.field))
      return act_on_overseen(visit, row, std::string(*name));
  throw Error(ErrorKind::usage, "unable to act: the form names no act");
}

}  // namespace devy::daemon
