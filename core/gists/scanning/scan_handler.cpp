#include "core/gists/scanning/scan_handler.hpp"

#include "core/gists/scanning/scan.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/github/within_limits.hpp"

namespace devy::scanning {

ScanHandler::ScanHandler(const queue::HandlerContext& context,
                         std::unique_ptr<github::Access> access)
    : config_(context.config),
      clock_(context.clock),
      on_progress_(context.on_progress),
      access_(access ? std::move(access)
                     : std::make_unique<github::Access>(context.config, context.clock)),
      api_(config_, *access_),
      contents_(config_) {}

std::optional<queue::AttemptResult> ScanHandler::run(queue::Attempt& attempt) {
  auto user = gists::user_of_scan(attempt.connection, attempt.lease.operation);
  // Somebody has ended the tracking meanwhile.
  if (!user || user->state == "off") return queue::AttemptResult{};
  attempt.subject.emplace(base::log::Fields{{"login", user->login}});
  if (on_progress_) {
    queue::Progress progress;
    progress.subject = user->login;
    progress.step = "list";
    on_progress_(progress);
  }
  std::optional<queue::AttemptResult> result;
  const auto ask = [&] {
    try {
      Scan scan({config_, clock_, api_, contents_}, attempt, *std::move(user));
      result = scan.run();
    } catch (const base::Error& error) {
      // Somebody has ended the tracking in the middle: nothing more was stored.
      if (error.code() != gists::not_tracked_code) throw;
      result = queue::AttemptResult{};
    }
  };
  const auto given_back = github::within_limits(
      attempt.connection, static_cast<int>(config_.github.concurrency),
      [&] { return api_.share(); }, ask);
  base::count(given_back ? "gist_scans.given_back" : "gist_scans.completed");
  return given_back ? given_back : result;
}

queue::Kind scan_operation_kind() {
  queue::Kind kind;
  kind.name = gists::scan_kind;
  kind.lane = queue::github_lane;
  kind.make_handler = [](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<ScanHandler>(context);
  };
  kind.limits = [](const config::Config& config) {
    return queue::KindLimits{config.workers.stall, config.workers.wall_clock};
  };
  kind.is_on = [](const config::Config& config) { return config.gists.enabled; };
  kind.records = {"gist_scans", "records of scans of gists"};
  return kind;
}

}  // namespace devy::scanning
