#pragma once
// Visits: what is new for whom (visits.sql). Throws what pg::Connection throws; one thread a
// connection.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::gists {

inline constexpr int visit_files_max = 10'000;

struct NewsFile {
  std::string gist, owner, filename, raw_url;
  int version = 1;
  base::TimePoint found_at{};
};
struct Session {
  std::int64_t id = 0;  // 0: it only looked
  std::string visitor;
  std::int64_t from_seq = 0, to_seq = 0;
  bool has_edits = false, is_more = false;
  std::vector<NewsFile> files;  // oldest first
};

struct Visit {
  std::string login, visitor;
  bool has_edits = false;          // later versions, too
  std::optional<std::string> key;  // the same again gives the same session
  int files_max = visit_files_max;
};
// Moves the visitor's mark. Nothing: nobody is tracked by that login. A transaction of its own.
[[nodiscard]] std::optional<Session> visit(pg::Connection& connection, const Visit& visit);
// Shows the same, and moves nothing.
[[nodiscard]] std::optional<Session> look(pg::Connection& connection, const Visit& visit);
// A former session of that visitor again, as far as its gists are public still.
[[nodiscard]] std::optional<Session> find_session(pg::Connection& connection,
                                                  const std::string& login,
                                                  const std::string& visitor, std::int64_t id);

[[nodiscard]] json::Json session_json(const Session& session);

}  // namespace devy::gists
