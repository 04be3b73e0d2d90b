#include "core/gists/metrics.hpp"

#include "core/gists/store/figures_store.hpp"

namespace devy::gists {
namespace {

class Metrics final : public queue::SystemMetrics {
 public:
  void measure(pg::Connection& connection, const queue::FinishedSpan&) override {
    figures_ = figures(connection);
  }

  void write(base::MetricsText& text) const override {
    text.family("devy_gist_users", "gauge", "Tracked users of GitHub, by state.");
    for (const char* state : {"new", "active", "missing", "off"}) {
      const auto found = figures_.users.find(state);
      text.sample(found == figures_.users.end() ? 0 : static_cast<double>(found->second),
                  {{"state", state}});
    }
    text.family("devy_gist_oldest_due_seconds", "gauge",
                "For how long the scan that is due longest was not recorded.");
    text.sample(static_cast<double>(figures_.oldest_due_seconds));
  }

  void write_counts(base::MetricsText& text,
                    const queue::MaintenanceCounts& counts) const override {
    const auto family = [&](const char* name, std::string_view prefix, const char* label,
                            const char* help) {
      text.family(name, "counter", help);
      for (const auto& [key, count] : counts)
        if (key.starts_with(prefix))
          text.sample(static_cast<double>(count), {{label, key.substr(prefix.size())}});
    };
    family("devy_gist_scans_total", "gist_scans.", "result", "Attempts of scans, by result.");
    family("devy_gist_requests_total", "github_requests.gist_scan.", "status",
           "Requests of scans to GitHub, by the status of the answer.");
    family("devy_gist_files_found_total", "gist_files_found.", "kind",
           "Files in which a scan found something, by kind.");
    family("devy_gist_gone_total", "gist_gone.", "reason", "Gists that are public no more.");
    family("devy_gist_skipped_total", "gist_skipped.", "code",
           "Gists that could not be read, and are left to the next scan.");
  }

 private:
  Figures figures_;
};

}  // namespace

std::unique_ptr<queue::SystemMetrics> make_metrics() {
  return std::make_unique<Metrics>();
}

}  // namespace devy::gists
