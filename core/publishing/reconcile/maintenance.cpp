#include "core/publishing/reconcile/maintenance.hpp"

#include "core/platform/base/clock.hpp"
#include "core/platform/base/log.hpp"
#include "core/publishing/reconcile/due_blogs.hpp"
#include "core/publishing/store/status_store.hpp"
#include "core/publishing/upload/remote_tokens.hpp"

namespace devy::reconcile {
namespace {

constexpr std::chrono::seconds sweep_interval{60};

// The access with which GitHub is asked who a repository is; null when there is no credential, or
// it cannot be used now, which must not keep remotes from being asked.
std::unique_ptr<github::Access> make_access(const config::Config& config) {
  if (!config.github.has_credentials()) return nullptr;
  try {
    return std::make_unique<github::Access>(config, base::system_clock());
  } catch (const base::Error& error) {
    base::log::warning("GitHub not asked", {{"code", error.code()}, {"error", error.text()}});
    return nullptr;
  }
}

// Each thread asks remotes through a child process of its own, from the first task on.
class AskRemotes final : public queue::MaintenanceTask {
 public:
  explicit AskRemotes(const config::Config& config) : config_(config) {}
  bool run(pg::Connection& connection, queue::MaintenanceCounts& counts,
           const std::stop_token& stop) override {
    if (!asker_) {
      asker_.emplace(upload::remote_tokens(config_));
      access_ = make_access(config_);
    }
    return reconcile_next(connection, config_, *asker_, counts, stop, access_.get());
  }

 private:
  const config::Config& config_;
  std::optional<git::TipAsker> asker_;
  std::unique_ptr<github::Access> access_;
};

class VerifyBlogs final : public queue::MaintenanceTask {
 public:
  explicit VerifyBlogs(const config::Config& config) : config_(config) {}
  bool run(pg::Connection& connection, queue::MaintenanceCounts& counts,
           const std::stop_token& stop) override {
    return verify_next(connection, config_, counts, stop);
  }

 private:
  const config::Config& config_;
};

// Statuses that nothing would send: their operation failed, or could not be enqueued.
class SweepStatuses final : public queue::MaintenanceTask {
 public:
  bool run(pg::Connection& connection, queue::MaintenanceCounts&, const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    next_at_ = now + sweep_interval;
    const auto swept = publishing::sweep_statuses(connection);
    if (swept > 0) base::log::info("commit statuses enqueued again", {{"repositories", swept}});
    return false;
  }

 private:
  base::MonotonicTime next_at_{};
};

template <class Task>
std::unique_ptr<queue::MaintenanceTask> make(const config::Config& config) {
  return std::make_unique<Task>(config);
}

}  // namespace

std::vector<queue::Maintenance> maintenance_tasks() {
  return {
      {"ask_remotes",
       [](const config::Config& config) -> std::uint32_t {
         return config.reconcile.every.count() > 0 ? config.reconcile.concurrency : 0;
       },
       make<AskRemotes>},
      {"verify_blogs",
       [](const config::Config& config) -> std::uint32_t {
         return config.verify.every.count() > 0 ? 1 : 0;
       },
       make<VerifyBlogs>},
      {"sweep_statuses",
       [](const config::Config& config) -> std::uint32_t {
         return config.github.statuses && config.github.has_credentials() ? 1 : 0;
       },
       [](const config::Config&) -> std::unique_ptr<queue::MaintenanceTask> {
         return std::make_unique<SweepStatuses>();
       }},
  };
}

}  // namespace devy::reconcile
