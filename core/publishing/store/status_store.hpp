#pragma once
// Commit statuses that are to be sent. What is sent
// is made of the upload as it is then (publishing/status/status_text.hpp). Throws what
// pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::publishing {

inline constexpr const char* status_kind = "github_status";

// From now on the commit's status reflects this upload, however it ends. Outside a transaction it
// commits by itself.
void begin_status(pg::Connection& connection, const base::UploadId& upload,
                  const std::string& commit);

struct StatusRepository {
  base::RepositoryId id;
  std::string url;
  std::optional<std::int64_t> github_id, installation;
};
// Returns the repository that an operation's resource belongs to.
[[nodiscard]] StatusRepository status_repository(pg::Connection& connection,
                                                 queue::ResourceId resource);
void save_installation(pg::Connection& connection, const base::RepositoryId& repository,
                       std::int64_t installation);

struct WantedStatus {
  std::string commit;
  base::UploadId upload;
  int wanted = 0;
};
// Lists statuses that GitHub has not received yet, those of the oldest uploads first.
[[nodiscard]] std::vector<WantedStatus> wanted_statuses(pg::Connection& connection,
                                                        const base::RepositoryId& repository,
                                                        int limit);
struct SentStatus {
  std::string state;
  std::optional<std::string> error;  // set when GitHub refused the status permanently
};
void note_sent(pg::Connection& connection, const base::RepositoryId& repository,
               const WantedStatus& status, const SentStatus& sent);
// Enqueues an operation where statuses are unsent and none would send them. Returns the number of
// repositories.
int sweep_statuses(pg::Connection& connection);

// ---- statistics for operators

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
  bool is_sent = false;  // false: it waits
  std::optional<std::string> state, error;
  std::optional<base::TimePoint> sent_at;
};
[[nodiscard]] std::vector<StatusOfUpload> statuses_of(pg::Connection& connection,
                                                      const base::UploadId& upload);

}  // namespace devy::publishing
