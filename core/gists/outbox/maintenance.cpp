#include "core/gists/outbox/maintenance.hpp"

#include "core/gists/outbox/crm_handler.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::outbox {
namespace {

constexpr std::chrono::seconds sweep_interval{30};

class SweepOutbox final : public queue::MaintenanceTask {
 public:
  explicit SweepOutbox(const config::Config& config) : settings_(config.crm) {}

  bool run(pg::Connection& connection, queue::MaintenanceCounts&, const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    next_at_ = now + sweep_interval;
    const auto names =
        pause_names(settings_.company, crm::fingerprint(crm::open_access(settings_)));
    if (gists::sweep_crm(connection, crm_settings(settings_), all_of(names)))
      queue::wake_workers(connection);
    return false;
  }

 private:
  const config::Crm& settings_;
  base::MonotonicTime next_at_{};
};

}  // namespace

std::vector<queue::Maintenance> maintenance_tasks() {
  return {{.name = "sweep the CRM's outbox",
           .threads =
               [](const config::Config& config) {
                 return crm::company_of(config.crm).empty() ? 0U : 1U;
               },
           .make = [](const config::Config& config) -> std::unique_ptr<queue::MaintenanceTask> {
             return std::make_unique<SweepOutbox>(config);
           }}};
}

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& operations) {
  std::map<std::string, std::string> found;
  for (const auto& [id, company] : gists::companies_of(connection, operations))
    found.emplace(id, "CRM of " + company);
  return found;
}

}  // namespace devy::outbox
