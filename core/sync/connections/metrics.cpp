#include <array>

#include "core/sync/connections/system.hpp"
#include "core/sync/store/figures_store.hpp"

namespace devy::connections {
namespace {

const std::vector<double> visible_bounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600};

class Metrics final : public queue::SystemMetrics {
 public:
  void measure(pg::Connection& connection, const queue::FinishedSpan& span) override {
    figures_ = sync::figures(connection);
    const auto ended = sync::finished(connection, span);
    for (const auto& row : ended.operations)
      operations_[{row.kind, row.direction, row.outcome}] += row.count;
    for (const auto& [direction, seconds] : ended.visible_seconds)
      (direction == "inbound" ? inbound_ : outbound_).add(seconds);
    for (const auto& [field, count] : ended.conflicts) {
      conflicts_[field] += count;
      lost_ += count;
    }
  }

  void write(base::MetricsText& text) const override {
    text.family("devy_sync_operations_total", "counter",
                "Operations of tasks and comments that ended, by outcome.");
    for (const auto& [key, count] : operations_)
      text.sample(static_cast<double>(count),
                  {{"kind", key[0]}, {"direction", key[1]}, {"outcome", key[2]}});
    text.family("devy_sync_visible_seconds", "histogram",
                "From the receipt of a delivery to the record that shows it, and from an edit to "
                "GitHub's answer that it is there.");
    inbound_.write(text, {{"direction", "inbound"}});
    outbound_.write(text, {{"direction", "outbound"}});
    by_label(text, "devy_sync_conflicts_total", "counter",
             "Values that lost to the other side's, by field.", "field", conflicts_);
    text.family("devy_sync_lost_total", "counter", "Values that lost to the other side's.");
    text.sample(static_cast<double>(lost_));
    by_label(text, "devy_sync_backlog", "gauge", "Operations that have not ended, by direction.",
             "direction", figures_.backlog);
    text.family("devy_sync_backlog_age_seconds", "gauge",
                "For how long the oldest operation has waited that no gate holds back.");
    for (const auto* direction : {"inbound", "outbound"}) {
      const auto found = figures_.backlog_age_seconds.find(direction);
      text.sample(found == figures_.backlog_age_seconds.end() ? 0 : found->second,
                  {{"direction", direction}});
    }
    by_label(text, "devy_sync_links", "gauge", "Pairs of a record and GitHub's thing, by state.",
             "state", figures_.links);
    by_label(text, "devy_sync_connections", "gauge", "Connections, by state.", "state",
             figures_.connections);
    by_label(text, "devy_owner_gates", "gauge", "Owners whose operations are held back.",
             "direction", figures_.gates);
  }

  void write_counts(base::MetricsText& text,
                    const queue::MaintenanceCounts& counts) const override {
    const auto count = [&](const char* name, const char* key, const char* help) {
      text.family(name, "counter", help);
      const auto found = counts.find(key);
      text.sample(found == counts.end() ? 0 : static_cast<double>(found->second));
    };
    count("devy_sync_loops_total", "sync_loops",
          "Writes that nothing was owed for: they wait for a person.");
    count("devy_sync_duplicates_total", "sync_duplicates",
          "Issues and comments that were made twice at GitHub; the younger ones were ended.");
    text.family("devy_sync_unknown_total", "counter",
                "Creations whose answer did not come, by how that ended.");
    constexpr std::string_view prefix = "sync_unknown.";
    for (const auto& [name, number] : counts)
      if (name.starts_with(prefix))
        text.sample(static_cast<double>(number), {{"end", name.substr(prefix.size())}});
  }

 private:
  static void by_label(base::MetricsText& text, const char* name, const char* type,
                       const char* help, const char* label,
                       const std::map<std::string, std::int64_t>& values) {
    text.family(name, type, help);
    for (const auto& [value, count] : values)
      text.sample(static_cast<double>(count), {{label, value}});
  }

  sync::Figures figures_;
  std::map<std::array<std::string, 3>, std::int64_t> operations_;
  std::map<std::string, std::int64_t> conflicts_;
  std::int64_t lost_ = 0;
  base::Histogram inbound_{visible_bounds}, outbound_{visible_bounds};
};

}  // namespace

std::unique_ptr<queue::SystemMetrics> make_metrics() {
  return std::make_unique<Metrics>();
}

}  // namespace devy::connections
