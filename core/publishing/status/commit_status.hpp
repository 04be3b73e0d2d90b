#pragma once
// Sends commit statuses about uploads to GitHub: the handler of outbound operations of the kind
// github_status. One operation sends all statuses of a repository that are due by then, so a status
// that has changed twice costs one request. It never delays an upload: it runs in a runner of its
// own, and errors of GitHub are handled here. Owned by the code that runs that runner; used from
// its thread only.

#include <memory>
#include <optional>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/github/statuses.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/publishing/store/status_store.hpp"

namespace devy::status {

// Tells whether commit statuses are sent for uploads of this repository.
[[nodiscard]] bool tells_github(const config::Config& config, const std::string& repository_url);

class StatusHandler final : public queue::Handler {
 public:
  // Borrows config and clock. A test may supply `access`. Throws Error(config) for credentials that
  // cannot be used.
  StatusHandler(const config::Config& config, const base::Clock& clock,
                std::unique_ptr<github::Access> access = nullptr);

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override;

 private:
  struct Work;
  // Sends what is due, up to a limit; throws where GitHub cannot be asked.
  void send_all(queue::Attempt& attempt, Work& work);
  // Records a permanent refusal by GitHub; throws for a temporary one.
  void send(pg::Connection& connection, Work& work, const publishing::WantedStatus& wanted);
  [[nodiscard]] bool try_to_send(const Work& work, const github::StatusCall& call);
  void follow_rename(pg::Connection& connection, const Work& work);

  const config::Config& config_;
  std::unique_ptr<github::Access> access_;
};

// The kind of operation that sends commit statuses, for the table of systems. It is on where the
// configuration has credentials and wants statuses.
[[nodiscard]] queue::Kind operation_kind();

}  // namespace devy::status
