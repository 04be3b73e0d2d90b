#include "core/mirror/metrics.hpp"

#include "core/mirror/store/audit_store.hpp"
#include "core/mirror/store/due_store.hpp"

namespace devy::mirror {
namespace {

class Metrics final : public queue::SystemMetrics {
 public:
  void measure(pg::Connection& connection, const queue::FinishedSpan&) override {
    figures_ = mirror::figures(connection);
    drift_rows_ = mirror::drift_rows(connection);
  }

  void write(base::MetricsText& text) const override {
    text.family("devy_mirror_repositories", "gauge", "Repositories that are mirrored.");
    text.sample(static_cast<double>(figures_.repositories));
    text.family("devy_mirror_scans", "gauge", "Open scans of lists, by phase.");
    text.sample(static_cast<double>(figures_.running), {{"phase", "running"}});
    text.sample(static_cast<double>(figures_.sweeping), {{"phase", "sweeping"}});
    text.sample(static_cast<double>(figures_.held), {{"phase", "held"}});
    text.family("devy_mirror_unsettled", "gauge",
                "Rows that may have changed again within the second of their last change.");
    text.sample(static_cast<double>(figures_.unsettled));
    text.family("devy_mirror_drift_rows", "gauge",
                "Rows that the last audit of each repository found to differ from GitHub.");
    text.sample(static_cast<double>(drift_rows_));
  }

  void write_counts(base::MetricsText& text,
                    const queue::MaintenanceCounts& counts) const override {
    const auto count = [&](const char* name, const char* key, const char* help) {
      text.family(name, "counter", help);
      const auto found = counts.find(key);
      text.sample(found == counts.end() ? 0 : static_cast<double>(found->second));
    };
    count("devy_mirror_settlings_total", "mirror_settled",
          "Lists that it has read again because of such rows.");
    count("devy_mirror_readings_total", "mirror_read_again",
          "Lists that it has read again because their time had come.");
    count("devy_mirror_audits_total", "mirror_audits",
          "Audits that it has begun: comparisons of some rows of a repository with GitHub.");
  }

 private:
  std::int64_t drift_rows_ = 0;
  Figures figures_;
};

}  // namespace

std::unique_ptr<queue::SystemMetrics> make_metrics() {
  return std::make_unique<Metrics>();
}

}  // namespace devy::mirror
