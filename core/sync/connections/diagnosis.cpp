#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/token/sealing.hpp"
#include "core/sync/connections/system.hpp"
#include "core/sync/store/connection_store.hpp"
#include "core/sync/store/figures_store.hpp"

namespace devy::connections {
namespace {

using base::Diagnosis;
using base::Health;

constexpr double late_seconds = 900;
constexpr int blocked_shown_max = 10;

void examine_key(const config::Sync& settings, std::vector<Diagnosis>& diagnoses) {
  if (settings.token_key_file.empty()) return;
  try {
    static_cast<void>(token::SealingKey::from_file(settings.token_key_file));
  } catch (const base::Error& error) {
    diagnoses.push_back({"sync_token_key", Health::problem, error.text(), error.hint()});
  }
}

void examine_connections(pg::Connection& connection, std::vector<Diagnosis>& diagnoses) {
  for (const auto& blocked : sync::blocked_connections(connection, blocked_shown_max)) {
    const auto why = sync::explain_reason(blocked.reason);
    diagnoses.push_back(
        {"sync_blocked", Health::problem,
         blocked.repository + " in project " + blocked.project + " is not synced: " + why.message,
         why.hint.empty() ? "`devy-upload project approve " + blocked.project + "` lets it go on."
                          : why.hint});
  }
}

}  // namespace

void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<Diagnosis>& diagnoses) {
  if (!config.sync.enabled) return;
  const auto before = diagnoses.size();
  examine_key(config.sync, diagnoses);
  examine_connections(connection, diagnoses);
  const auto figures = sync::figures(connection);
  for (const auto& [direction, seconds] : figures.backlog_age_seconds)
    if (seconds >= late_seconds)
      diagnoses.push_back(
          {"sync_late", Health::warning,
           "an " + direction + " operation has waited for " +
               base::format_duration(std::chrono::seconds(static_cast<std::int64_t>(seconds))),
           "`devy-upload queue stats` says what is paused, `devy-upload workers` who works."});
  if (diagnoses.size() != before) return;
  const auto synced = figures.connections.find("synced");
  diagnoses.push_back({"sync", Health::ok,
                       std::to_string(synced == figures.connections.end() ? 0 : synced->second) +
                           " connections are synced",
                       ""});
}

}  // namespace devy::connections
