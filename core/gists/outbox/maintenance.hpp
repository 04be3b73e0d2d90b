#pragma once
// The outbox as the table of systems knows it besides its kind: the task that finds items which no
// operation would send, its metrics, and what `doctor` says of it. Values; any thread.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/platform/base/diagnosis.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/maintenance_task.hpp"
#include "core/platform/queue/system_metrics.hpp"

namespace devy::outbox {

[[nodiscard]] std::vector<queue::Maintenance> maintenance_tasks();
[[nodiscard]] std::unique_ptr<queue::SystemMetrics> make_metrics();
// Throws what pg::Connection throws.
void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<base::Diagnosis>& diagnoses);
// "CRM of acme", by the operation's id.
[[nodiscard]] std::map<std::string, std::string> subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::outbox
