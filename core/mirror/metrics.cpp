#include "core/mirror/metrics.hpp"

#include "core/mirror/store/audit_store.hpp"
#include "core/mirror/store/due_store.hpp"
#include "core/platform/github/api_budget.hpp"

namespace devy::mirror {
namespace {

constexpr double whole_budget = 1;  // no more than all of it is left of each

class Metrics final : public queue::SystemMetrics {
 public:
  void measure(pg::Connection& connection, const queue::FinishedSpan& span) override {
    for (const auto seconds : lags(connection, span))
      lag_.add(seconds);
    budgets_ = github::low_budgets(connection, whole_budget);
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
    text.family("devy_mirror_lag_seconds", "histogram",
                "From the receipt of a delivery to the rows of what it told of.");
    lag_.write(text);
    text.family("devy_github_budget", "gauge",
                "Requests that GitHub still answers in this hour, by credential.");
    for (const auto& budget : budgets_)
      text.sample(static_cast<double>(budget.remaining), {{"credential", budget.credential}});
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
    write_documents(text, counts);
  }

 private:
  // Names are mirror_documents.<relation>.<via>.<outcome>.
  static void write_documents(base::MetricsText& text, const queue::MaintenanceCounts& counts) {
    constexpr std::string_view prefix = "mirror_documents.";
    text.family("devy_mirror_documents_total", "counter",
                "Documents of GitHub that its operations applied, by what became of the rows.");
    for (const auto& [name, count] : counts) {
      const auto outcome = name.rfind('.');
      const auto via = name.find('.', prefix.size());
      if (!name.starts_with(prefix) || via == std::string::npos || via >= outcome) continue;
      text.sample(static_cast<double>(count),
                  {{"relation", name.substr(prefix.size(), via - prefix.size())},
                   {"via", name.substr(via + 1, outcome - via - 1)},
                   {"outcome", name.substr(outcome + 1)}});
    }
  }

  std::int64_t drift_rows_ = 0;
  base::Histogram lag_{{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 30, 300, 3'600}};
  std::vector<github::LowBudget> budgets_;
  Figures figures_;
};

}  // namespace

std::unique_ptr<queue::SystemMetrics> make_metrics() {
  return std::make_unique<Metrics>();
}

}  // namespace devy::mirror
