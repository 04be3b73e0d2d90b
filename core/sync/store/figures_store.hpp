#pragma once
// Figures of sync for metrics, `doctor` and lists: with the rights of devy_metrics, but for the
// last ones. Throws what pg::Connection throws.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/health.hpp"

namespace devy::sync {

struct Figures {
  std::map<std::string, std::int64_t> links, connections;  // by state
  std::map<std::string, std::int64_t> backlog, gates;      // by direction
  // For how long the oldest operation that no gate holds back has waited, by direction.
  std::map<std::string, double> backlog_age_seconds;
};
[[nodiscard]] Figures figures(pg::Connection& connection);

struct Finished {
  struct Operations {
    std::string kind, direction, outcome;
    std::int64_t count = 0;
  };
  std::vector<Operations> operations;
  std::vector<std::pair<std::string, double>> visible_seconds;  // direction, seconds
  std::map<std::string, std::int64_t> conflicts;                // by field
};
[[nodiscard]] Finished finished(pg::Connection& connection, const queue::FinishedSpan& span);

struct Blocked {
  std::string project, repository, reason;
};
// Connections that wait for a person, at most `limit`.
[[nodiscard]] std::vector<Blocked> blocked_connections(pg::Connection& connection, int limit);
// Names what operations of connections are about: "alice/notes in alice/site".
[[nodiscard]] std::map<std::string, std::string> subjects_of(
    pg::Connection& connection, const std::vector<std::string>& operations);

// ---- what happens by itself; each returns how many rows it was

[[nodiscard]] std::int64_t record_due_connections(pg::Connection& connection,
                                                  std::int64_t verify_every_seconds, int limit);
[[nodiscard]] std::int64_t archive_tasks(pg::Connection& connection, std::int64_t after_seconds,
                                         int limit);
[[nodiscard]] std::int64_t prune_versions(pg::Connection& connection, int limit);

}  // namespace devy::sync
