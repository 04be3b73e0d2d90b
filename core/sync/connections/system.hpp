#pragma once
// Gives the table of systems what it needs of sync besides kinds of operations: what happens by
// itself, the metrics, what `doctor` says, and how operations are called. Values; any thread.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/platform/base/diagnosis.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/maintenance_task.hpp"
#include "core/platform/queue/system_metrics.hpp"

namespace devy::connections {

// Connections that are due to be compared, or that nothing carries on; tasks that were closed long
// ago are put away; old versions are deleted.
[[nodiscard]] std::vector<queue::Maintenance> maintenance_tasks();
[[nodiscard]] std::unique_ptr<queue::SystemMetrics> make_metrics();
// Throws what pg::Connection throws.
void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<base::Diagnosis>& diagnoses);
// "alice/notes in alice/site" of a connection, by the operation's id.
[[nodiscard]] std::map<std::string, std::string> subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::connections
