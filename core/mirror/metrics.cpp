#include "core/mirror/metrics.hpp"

#include "core/mirror/store/due_store.hpp"

namespace devy::mirror {
namespace {

class Metrics final : public queue::SystemMetrics {
 public:
  void measure(pg::Connection& connection, const queue::FinishedSpan&) override {
    figures_ = mirror::figures(connection);
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
  }

  void write_counts(base::MetricsText& text,
                    const queue::MaintenanceCounts& counts) const override {
    text.family("devy_mirror_settlings_total", "counter",
                "Lists that it has read again because of such rows.");
    const auto found = counts.find("mirror_settled");
    text.sample(found == counts.end() ? 0 : static_cast<double>(found->second));
  }

 private:
  Figures figures_;
};

}  // namespace

std::unique_ptr<queue::SystemMetrics> make_metrics() {
  return std::make_unique<Metrics>();
}

}  // namespace devy::mirror
