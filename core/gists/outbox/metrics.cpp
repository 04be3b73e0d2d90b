#include <array>

#include "core/gists/outbox/maintenance.hpp"
#include "core/gists/store/crm_list_store.hpp"

namespace devy::outbox {
namespace {

class OutboxMetrics final : public queue::SystemMetrics {
 public:
  void measure(pg::Connection& connection, const queue::FinishedSpan&) override {
    figures_ = gists::crm_figures(connection);
  }

  void write(base::MetricsText& text) const override {
    text.family("devy_crm_items", "gauge", "Activities and deals for the CRM, by state.");
    for (const auto& [state, count] : figures_.states)
      text.sample(static_cast<double>(count), {{"state", state}});
    text.family("devy_crm_oldest_pending_seconds", "gauge",
                "For how long the oldest item that the CRM has not has waited.");
    text.sample(static_cast<double>(figures_.oldest_pending_seconds.value_or(0)), {});
  }

  void write_counts(base::MetricsText& text,
                    const queue::MaintenanceCounts& counts) const override {
    text.family("devy_crm_requests_total", "counter",
                "Requests to the CRM, by method and status; 0: there was no answer.");
    for (const auto& [name, count] : counts) {
      constexpr std::string_view prefix = "crm_requests.";
      if (!name.starts_with(prefix)) continue;
      const auto labels = name.substr(prefix.size());
      const auto point = labels.find('.');
      text.sample(static_cast<double>(count),
                  {{"method", labels.substr(0, point)}, {"status", labels.substr(point + 1)}});
    }
    text.family("devy_crm_resolved_total", "counter",
                "Requests without a known end, by whether the CRM had done them.");
    for (const auto& [name, count] : counts) {
      constexpr std::string_view prefix = "crm_resolved.";
      if (name.starts_with(prefix))
        text.sample(static_cast<double>(count), {{"result", name.substr(prefix.size())}});
    }
  }

 private:
  gists::CrmFigures figures_;
};

}  // namespace

std::unique_ptr<queue::SystemMetrics> make_metrics() {
  return std::make_unique<OutboxMetrics>();
}

}  // namespace devy::outbox
