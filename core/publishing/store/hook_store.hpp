#pragma once
// Operations that install or remove the webhook of a blog's repository, with the token of GitHub
// that the session of whoever asked for it has. The SQL functions stand in
// core/publishing/connecting.sql. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"
#include "core/platform/web/session_store.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::publishing {

inline constexpr const char* hook_kind = "blog_hook";

enum class HookAct { install, remove };
[[nodiscard]] std::string_view to_string(HookAct act);

struct HookRequest {
  HookAct act = HookAct::install;
  web::SessionId session;
  queue::Source source = queue::Source::api;
  int max_attempts = 12;
  std::string requested_by;
};
// In the caller's transaction; the caller then wakes the workers.
void record_hook(pg::Connection& connection, const Blog& blog, const HookRequest& request);

// ---- for whoever runs it

struct HookTask {
  base::BlogId blog;
  HookAct act = HookAct::install;
  std::optional<web::SessionId> session;  // none: it is gone
  base::RepositoryId repository;
  std::optional<std::int64_t> github_id, installation;
  std::string url;
  bool is_connected = false;  // the repository has a connected blog now
};
[[nodiscard]] HookTask load_hook_task(pg::Connection& connection, const base::OperationId& id);

// How GitHub tells of pushes afterwards, or does so no more.
enum class HookDelivery {
  hook,  // the repository has a webhook of ours, or has none any more
  app,   // the GitHub App tells of it: no webhook is needed
  kept,  // others still want the webhook
};
[[nodiscard]] std::string_view to_string(HookDelivery delivery);
void note_hook_delivery(pg::Connection& connection, const base::OperationId& id,
                        HookDelivery delivery);

// ---- for pages

struct LastHook {
  base::OperationId operation;
  HookAct act = HookAct::install;
  std::string state;  // the operation's
  std::optional<std::string> delivery, error_text, error_hint;
  base::TimePoint at;  // finished, or recorded
};
// The blog's last operation; nothing when there was none, or it was pruned.
[[nodiscard]] std::optional<LastHook> last_hook(pg::Connection& connection,
                                                const base::BlogId& blog);

}  // namespace devy::publishing
