#include "core/files/kinds.hpp"

#include "core/files/cleanup/cleanup_handler.hpp"
#include "core/files/cleanup/scrub_handler.hpp"
#include "core/files/cleanup/store_handler.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::files {
namespace {

constexpr std::chrono::seconds look_interval{10};

class RecordCleanups final : public queue::MaintenanceTask {
 public:
  explicit RecordCleanups(const config::Config& config) : settings_(config.files) {}

  bool run(pg::Connection& connection, queue::MaintenanceCounts&, const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    next_at_ = now + look_interval;
    record_due(connection, cleanup_kind);
    if (settings_.scrub_rate > 0 &&
        content_to_scrub(connection, settings_.node, !settings_.s3.endpoint.empty(),
                         cleanup::scrub_every))
      record_due(connection, scrub_kind);
    return false;
  }

 private:
  void record_due(pg::Connection& connection, const char* kind) const {
    if (!is_operation_due(connection, kind, settings_.node, settings_.cleanup_every)) return;
    pg::Transaction transaction(connection);
    static_cast<void>(record_operation(connection, kind, settings_.node, queue::Source::reconcile));
    transaction.commit();
    queue::wake_workers(connection);
  }

  const config::Files& settings_;
  base::MonotonicTime next_at_{};
};

}  // namespace

std::vector<queue::Kind> operation_kinds() {
  return {cleanup::cleanup_operation_kind(), cleanup::scrub_operation_kind(),
          cleanup::store_operation_kind()};
}

std::vector<queue::Maintenance> maintenance_tasks() {
  return {{.name = "clean up files",
           .threads =
               [](const config::Config& config) {
                 return config.files.enabled && config.files.cleanup_every.count() > 0 ? 1U : 0U;
               },
           .make = [](const config::Config& config) -> std::unique_ptr<queue::MaintenanceTask> {
             return std::make_unique<RecordCleanups>(config);
           }}};
}

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& operations) {
  return operation_subjects(connection, operations);
}

}  // namespace devy::files
