#pragma once
// Installs or removes the webhook by which GitHub tells of pushes to a blog's repository: the
// handler of outbound operations of the kind blog_hook. GitHub is asked with the token that the
// session of whoever connected the blog has; where the GitHub App is installed on the repository,
// its own deliveries do, and no webhook is needed. Doing it again changes nothing more, and
// whatever fails leaves the blog connected: its remote is asked from time to time.
//
// Owned by the code that runs the lane `github`; used from its thread only.

#include <memory>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/publishing/store/hook_store.hpp"

namespace devy::connecting {

class HookHandler final : public queue::Handler {
 public:
  // Borrows both. Throws Error(config) for credentials that cannot be used.
  HookHandler(const config::Config& config, const base::Clock& clock);

  // Fails for good with the codes hook_url_missing, hook_secret_missing, hook_token_gone,
  // hook_refused, repository_unbound.
  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override;

 private:
  [[nodiscard]] bool is_told_by_app(pg::Connection& connection, const publishing::HookTask& task);
  [[nodiscard]] publishing::HookDelivery install(pg::Connection& connection,
                                                 const publishing::HookTask& task);
  [[nodiscard]] publishing::HookDelivery remove(pg::Connection& connection,
                                                const publishing::HookTask& task);

  const config::Config& config_;
  github::Access access_;
};

// The events that a blog wants of its repository (github.md).
[[nodiscard]] std::vector<std::string> wanted_events();

// It is on where sessions can have tokens (web.key_file).
[[nodiscard]] queue::Kind hook_operation_kind();

}  // namespace devy::connecting
