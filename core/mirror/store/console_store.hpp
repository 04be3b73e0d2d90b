#pragma once
// Reads for pages and the API what they show of many repositories at once: how fresh each is, how
// GitHub tells of its changes, and what is being loaded. With the rights of the role devy_web.
// Throws what pg::Connection throws.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/mirror/store/operation_store.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

// By the repository's id, for each one asked for.
[[nodiscard]] std::map<std::int64_t, RowCounts> count_rows_of(pg::Connection& connection,
                                                              const std::vector<std::int64_t>& ids);

struct HookState {
  std::optional<std::int64_t> id;  // of our webhook, there or lost; nothing: there was none
  std::string state;               // on, unconfirmed, lost, off: mirror_hook_states says when
  std::optional<base::TimePoint> last_ping_at;
};
[[nodiscard]] std::map<std::int64_t, HookState> hook_states(pg::Connection& connection,
                                                            const std::vector<std::int64_t>& ids);

// Those that a person administers, as GitHub has said within `access_max_age`, his own first; with
// `is_all`, also all that are mirrored.
struct Overseer {
  Reader reader;
  std::string login;  // at GitHub; empty: he is not known there
  bool is_all = false;
};
struct OverseenRepository {
  Repository repository;
  bool is_own = false;    // its owner's login is his
  bool is_admin = false;  // at GitHub
};
// Behind the name `after`, which is of his own ones or of the others.
[[nodiscard]] std::vector<OverseenRepository> list_overseen(pg::Connection& connection,
                                                            const Overseer& overseer,
                                                            const std::string& after, int limit);
// Repositories that he administered when GitHub was last asked, which is too long ago.
[[nodiscard]] std::int64_t count_unconfirmed_rights(pg::Connection& connection,
                                                    const Reader& reader);

// A list that a load is reading, or will; an empty name: the repository itself.
struct OpenList {
  std::string list;
  bool is_running = false, is_held = false;
  std::int64_t items = 0, applied = 0;
  std::optional<std::int64_t> items_expected;
};
struct OpenLoad {
  base::TimePoint since{};   // the first of its operations that have not ended
  std::string requested_by;  // empty: of those that have not ended, nobody asked for any
  std::vector<OpenList> lists;
};
// By the repository's id. Readings that nobody asked for are none.
[[nodiscard]] std::map<std::int64_t, OpenLoad> open_loads(pg::Connection& connection,
                                                          const std::vector<std::int64_t>& ids);
// The operations of the repository's open load.
[[nodiscard]] std::vector<base::OperationId> open_operations(pg::Connection& connection,
                                                             std::int64_t id);

// The last switch of a repository's webhook.
struct LastSwitch {
  std::string operation, act;  // "install" or "uninstall"
  queue::State state{};
  std::string error_text, error_hint;
};
[[nodiscard]] std::map<std::int64_t, LastSwitch> last_switches(
    pg::Connection& connection, const std::vector<std::int64_t>& ids);

}  // namespace devy::mirror
