#include "core/sync/inbound/comment_gaps.hpp"

#include "core/mirror/scan/load.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/store/inbound_store.hpp"

namespace devy::inbound {
namespace {

constexpr std::chrono::hours first_look{1};
constexpr std::chrono::hours look_every{24};
constexpr int repositories_max = 100;  // that one look has read again

class CommentGaps final : public queue::MaintenanceTask {
 public:
  explicit CommentGaps(const config::Config& config)
      : config_(config), next_at_(base::system_clock().monotonic_now() + first_look) {}

  bool run(pg::Connection& connection, queue::MaintenanceCounts&, const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    look_for_comment_gaps(connection, config_);
    next_at_ = now + look_every;
    return false;
  }

 private:
  const config::Config& config_;
  base::MonotonicTime next_at_;
};

}  // namespace

int look_for_comment_gaps(pg::Connection& connection, const config::Config& config) {
  int found = 0;
  for (const auto& repository :
       sync::repositories_with_comment_gaps(connection, repositories_max)) {
    scan::LoadOptions options;
    options.request.source = queue::Source::reconcile;
    static_cast<void>(scan::record_load(connection, config,
                                        scan::parse_target(repository + "/comments"), options));
    base::log::info("comments are read again", {{"repository", repository}});
    ++found;
  }
  if (found > 0) queue::wake_workers(connection);
  return found;
}

queue::Maintenance comment_gaps_task() {
  return {.name = "compare counts of comments",
          .threads =
              [](const config::Config& config) {
                return config.sync.enabled && config.mirror.enabled ? 1U : 0U;
              },
          .make = [](const config::Config& config) -> std::unique_ptr<queue::MaintenanceTask> {
            return std::make_unique<CommentGaps>(config);
          }};
}

}  // namespace devy::inbound
