#pragma once
// Repositories that are mirrored, and how fresh their rows are. Throws what pg::Connection throws.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

struct Repository {
  std::int64_t id = 0;
  std::string full_name;  // "owner/name" now
  bool is_private = false, is_mirrored = false;
  // Everybody sees it at GitHub, as far as the mirror knows; not while nobody has said so.
  bool is_public = false;
  bool is_ended = false;                     // it is not there any more, or may not be seen
  std::optional<std::int64_t> installation;  // of the GitHub App
  std::optional<base::TimePoint> created_at, via_webhook_at, via_api_at;
  // By the lists' names; absent: never.
  std::map<std::string, std::optional<base::TimePoint>> last_scanned;
};
[[nodiscard]] std::optional<Repository> find_repository(pg::Connection& connection,
                                                        std::int64_t id);
// By "owner/name", in any case: the mirrored one, where several had that name.
[[nodiscard]] std::optional<Repository> find_repository(pg::Connection& connection,
                                                        const std::string& full_name);
// Those that are mirrored, by their names.
[[nodiscard]] std::vector<Repository> list_repositories(pg::Connection& connection);

// Whoever reads what is mirrored: what is public, and what GitHub has let him read.
struct Reader {
  std::optional<std::int64_t> github_id;   // nothing: nobody in particular
  std::chrono::seconds access_max_age{0};  // an older right does not count (mirror.access_max_age)
};
// Those of the mirrored ones that he may read, by their names, behind the name `after`.
[[nodiscard]] std::vector<Repository> list_readable_repositories(pg::Connection& connection,
                                                                 const Reader& reader,
                                                                 const std::string& after,
                                                                 int limit);
struct Rights {
  bool can_pull = false, can_admin = false;
};
// The reader's rights there; nothing when GitHub has not said them for too long.
[[nodiscard]] std::optional<Rights> find_rights(pg::Connection& connection, const Reader& reader,
                                                std::int64_t repository);

// The repository's row is there. `installation` is kept where it is not given.
void set_mirrored(pg::Connection& connection, std::int64_t id, bool is_mirrored,
                  std::optional<std::int64_t> installation);

// Ends the repository's rows, and at last its own, at most `rows_max` at a time; returns how many.
[[nodiscard]] std::int64_t end_repository(pg::Connection& connection, std::int64_t id,
                                          std::string_view reason, base::TimePoint at,
                                          int rows_max);
// The hook delivers to us.
void note_own_hook(pg::Connection& connection, std::int64_t id, std::int64_t repository_id);

// It does not any more, because we have removed it: it is not lost.
void forget_own_hook(pg::Connection& connection, std::int64_t id, std::int64_t repository_id);

// Deletes what the mirror holds of the repository; its own row stays. Returns the rows, by table.
std::map<std::string, std::int64_t> purge_repository(pg::Connection& connection, std::int64_t id);

// Rows that exist at GitHub, as far as the mirror knows, by table; and those among them that may
// have changed again within the second of their last change.
struct RowCounts {
  std::map<std::string, std::int64_t> rows;
  std::int64_t unsettled = 0;
};
[[nodiscard]] RowCounts count_rows(pg::Connection& connection, std::int64_t id);

}  // namespace devy::mirror
