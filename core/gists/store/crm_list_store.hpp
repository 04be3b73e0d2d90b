#pragma once
// The items of the CRM for people: lists, figures, and what is tried again. Throws what
// pg::Connection throws; one thread a connection.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::gists {

struct ListedCrmItem {
  std::string id, kind, state;
  std::optional<std::string> gist, filename;
  int wanted = 0, sent = 0;
  std::optional<std::int64_t> remote_id;
  std::optional<base::TimePoint> attempt_at;
  std::optional<std::string> error;
};
// Those of one state or all, the newest first.
[[nodiscard]] std::vector<ListedCrmItem> list_crm_items(pg::Connection& connection,
                                                        const std::optional<std::string>& state,
                                                        int limit);

struct CrmStateCount {
  std::string state;
  std::int64_t count = 0;
};
struct CrmFigures {
  std::vector<CrmStateCount> states;  // all five
  std::optional<std::int64_t> oldest_pending_seconds;
};
[[nodiscard]] CrmFigures crm_figures(pg::Connection& connection);

// A pause that lasts, of these; the longest.
struct CrmPause {
  base::TimePoint until;
  std::string reason;
};
[[nodiscard]] std::optional<CrmPause> crm_pause(pg::Connection& connection,
                                                const std::vector<std::string>& names);

// Has an item sent again that the CRM refused, or made anew that a person deleted there. Returns
// the state that it was in; nothing when there is no such item, and no other state changes.
[[nodiscard]] std::optional<std::string> retry_crm_item(pg::Connection& connection,
                                                        const std::string& id);

// ---- for the audit

struct MadeActivity {
  std::string id;
  std::int64_t remote_id = 0;
  bool is_settled = false;  // nothing about it was sent within the last minutes
};
[[nodiscard]] std::vector<MadeActivity> made_crm_activities(pg::Connection& connection);
[[nodiscard]] bool is_crm_item(pg::Connection& connection, const std::string& id);

}  // namespace devy::gists
