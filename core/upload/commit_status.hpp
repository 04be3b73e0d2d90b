#pragma once
// Tells GitHub what came of uploads: the handler of outbound operations of the kind github_status.
// One operation sends all that a repository's commits want to say by then, so what has changed
// twice is one request. Never in an upload's way: it has a runner of its own, and what GitHub does
// to it ends here. Owned by whoever runs that runner; its thread only.

#include <memory>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/config/config.hpp"
#include "core/github/access.hpp"
#include "core/github/statuses.hpp"
#include "core/queue/runner.hpp"
#include "core/store/status_store.hpp"

namespace devy::upload {

// Whether uploads of this repository tell GitHub.
[[nodiscard]] bool tells_github(const config::Config& config, const std::string& repository_url);

class StatusHandler final : public queue::Handler {
 public:
  // Borrows config and clock. `access` may be of a test. Throws Error(config) for credentials that
  // cannot be used.
  StatusHandler(const config::Config& config, const base::Clock& clock,
                std::unique_ptr<github::Access> access = nullptr);

  std::optional<queue::Ending> run(queue::Attempt& attempt) override;

 private:
  struct Work;
  // What GitHub refused for good is noted, what it refused for now is thrown.
  void send(pg::Connection& connection, Work& work, const store::WantedStatus& wanted);
  [[nodiscard]] bool try_to_send(const Work& work, const github::StatusCall& call);
  void follow_rename(pg::Connection& connection, const Work& work);

  const config::Config& config_;
  std::unique_ptr<github::Access> access_;
};

}  // namespace devy::upload
