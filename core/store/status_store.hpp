#pragma once
// Commit statuses that are to be sent, and how long GitHub's API is to be left alone. What is sent
// is made of the upload as it is then (upload/status_text.hpp). Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/id.hpp"
#include "core/pg/connection.hpp"
#include "core/queue/operation.hpp"

namespace devy::store {

inline constexpr const char* status_kind = "github_status";

// From now on the commit's status follows this upload, however it ends. Commits by itself outside a
// transaction.
void begin_status(pg::Connection& connection, const base::UploadId& upload,
                  const std::string& commit);

struct StatusRepository {
  base::RepositoryId id;
  std::string url;
  std::optional<std::int64_t> github_id, installation;
};
// Of an operation's resource.
[[nodiscard]] StatusRepository status_repository(pg::Connection& connection,
                                                 queue::ResourceId resource);
void save_installation(pg::Connection& connection, const base::RepositoryId& repository,
                       std::int64_t installation);

struct WantedStatus {
  std::string commit;
  base::UploadId upload;
  int wanted = 0;
};
// Those that GitHub does not know yet, the oldest uploads first.
[[nodiscard]] std::vector<WantedStatus> wanted_statuses(pg::Connection& connection,
                                                        const base::RepositoryId& repository,
                                                        int limit);
struct SentStatus {
  std::string state;
  std::optional<std::string> error;  // GitHub refused it for good
};
void note_sent(pg::Connection& connection, const base::RepositoryId& repository,
               const WantedStatus& status, const SentStatus& sent);
// Enqueues what wants to be sent and nothing will send; how many repositories.
int sweep_statuses(pg::Connection& connection);

// ---- pauses: one table for all daemons, so that nobody asks while another was told to wait

// How long none of these may be asked; zero: now.
[[nodiscard]] std::chrono::milliseconds pause_left(pg::Connection& connection,
                                                   const std::vector<std::string>& names);
void pause_until(pg::Connection& connection, const std::string& name, base::TimePoint not_before,
                 const std::string& reason);
// GitHub is away: a few seconds, doubled with each failure in a row. Gives how long.
std::chrono::milliseconds pause_after_failure(pg::Connection& connection, const std::string& name,
                                              const std::string& reason);
void end_pause(pg::Connection& connection, const std::string& name);

// ---- for people

struct StatusFigures {
  std::int64_t unsent = 0;
  std::optional<std::int64_t> oldest_unsent_ms;  // since its upload was recorded
  std::int64_t sent = 0, refused = 0;            // within the window
  std::optional<std::string> last_error;
  std::optional<base::TimePoint> paused_until;
  std::optional<std::string> pause_reason;
};
[[nodiscard]] StatusFigures status_figures(pg::Connection& connection, base::Duration window);

struct StatusOfUpload {
  std::string commit;
  bool is_sent = false;  // else it waits
  std::optional<std::string> state, error;
  std::optional<base::TimePoint> sent_at;
};
[[nodiscard]] std::vector<StatusOfUpload> statuses_of(pg::Connection& connection,
                                                      const base::UploadId& upload);

}  // namespace devy::store
