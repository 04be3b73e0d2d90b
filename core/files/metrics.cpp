#include "core/files/metrics.hpp"

#include <vector>

#include "core/files/store/storage_store.hpp"

namespace devy::files {
namespace {

class Metrics final : public queue::SystemMetrics {
 public:
  void measure(pg::Connection& connection, const queue::FinishedSpan&) override {
    contents_ = count_contents(connection);
  }

  void write(base::MetricsText& text) const override {
    text.family("devy_file_contents", "gauge", "Contents of files, by state.");
    for (const char* state : {"staged", "stored", "doomed", "deleting", "lost"}) {
      double count = 0;
      for (const auto& figure : contents_)
        if (figure.name == state) count = static_cast<double>(figure.count);
      text.sample(count, {{"state", state}});
    }
  }

  void write_counts(base::MetricsText&, const queue::MaintenanceCounts&) const override {}

 private:
  std::vector<Figure> contents_;
};

}  // namespace

std::unique_ptr<queue::SystemMetrics> make_metrics() {
  return std::make_unique<Metrics>();
}

}  // namespace devy::files
