#include "core/files/metrics.hpp"

#include <map>
#include <vector>

#include "core/files/storage/disk.hpp"
#include "core/files/store/owner_store.hpp"
#include "core/files/store/storage_store.hpp"
#include "core/files/store/storing_store.hpp"
#include "core/platform/base/error.hpp"

namespace devy::files {
namespace {

class Metrics final : public queue::SystemMetrics {
 public:
  void measure(pg::Connection& connection, const queue::FinishedSpan&) override {
    contents_ = count_contents(connection);
    pending_ = pending_files(connection);
    is_s3_paused_ = s3_pause(connection).has_value();
    measure_disks(connection);
  }

  void write(base::MetricsText& text) const override {
    text.family("devy_file_contents", "gauge", "Contents of files, by state.");
    for (const char* state : {"staged", "stored", "doomed", "deleting", "lost"}) {
      double count = 0;
      for (const auto& figure : contents_)
        if (figure.name == state) count = static_cast<double>(figure.count);
      text.sample(count, {{"state", state}});
    }
    write_pending(text);
  }

  void write_counts(base::MetricsText& text,
                    const queue::MaintenanceCounts& counts) const override {
    constexpr std::string_view prefix = "file_deleted.";
    text.family(
        "devy_file_deleted_total", "counter",
        "What the clean-up deleted: uploads, files, tokens, contents, bytes without a row.");
    for (const auto& [name, count] : counts)
      if (name.starts_with(prefix))
        text.sample(static_cast<double>(count), {{"reason", name.substr(prefix.size())}});
    constexpr std::string_view requests = "s3_requests.";
    text.family("devy_file_s3_requests_total", "counter",
                "Requests to S3, by call and status; none: there was no answer.");
    for (const auto& [name, count] : counts) {
      const auto dot = name.rfind('.');
      if (!name.starts_with(requests) || dot < requests.size()) continue;
      text.sample(static_cast<double>(count),
                  {{"call", name.substr(requests.size(), dot - requests.size())},
                   {"status", name.substr(dot + 1)}});
    }
  }

 private:
  // Those that are on this machine.
  void measure_disks(pg::Connection& connection) {
    free_bytes_.clear();
    for (const auto& storage : list_storages(connection)) {
      try {
        free_bytes_[storage.node] = storage::Disk(storage.place, storage.instance).free_bytes();
      } catch (const base::Error&) {
        continue;
      }
    }
  }

  void write_pending(base::MetricsText& text) const {
    text.family("devy_file_pending", "gauge", "What waits for operations on files, by kind.");
    for (const auto& kind : pending_)
      text.sample(static_cast<double>(kind.count), {{"kind", kind.kind}});
    text.family("devy_file_pending_oldest_seconds", "gauge",
                "For how long the oldest of each kind has waited.");
    for (const auto& kind : pending_)
      text.sample(static_cast<double>(kind.oldest_seconds), {{"kind", kind.kind}});
    text.family("devy_file_s3_paused", "gauge", "Whether S3 refuses us, and is not asked.");
    text.sample(is_s3_paused_ ? 1 : 0);
    text.family("devy_file_free_bytes", "gauge", "Free on the disk of a node's files.");
    for (const auto& [node, bytes] : free_bytes_)
      text.sample(static_cast<double>(bytes), {{"node", node}});
  }

  std::vector<PendingFiles> pending_;
  bool is_s3_paused_ = false;
  std::map<std::string, std::uint64_t> free_bytes_;  // by node
  std::vector<Figure> contents_;
};

}  // namespace

std::unique_ptr<queue::SystemMetrics> make_metrics() {
  return std::make_unique<Metrics>();
}

}  // namespace devy::files
