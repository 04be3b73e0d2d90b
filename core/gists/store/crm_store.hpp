#pragma once
// The items of the CRM as the database has them: what is to be sent, what is known of it, and how a
// request ended. The states are those of crm_item_state in schema.sql. Throws what pg::Connection
// throws; one thread a connection.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::gists {

inline constexpr const char* crm_kind = "crm";

// The key of the resource, "pipedrive/<company>", that an operation's resource has.
[[nodiscard]] std::string crm_key(pg::Connection& connection, queue::ResourceId resource);

// The companies that operations are about, by the operation's id.
[[nodiscard]] std::map<std::string, std::string> companies_of(
    pg::Connection& connection, const std::vector<std::string>& operations);

// All that is told of an item.
struct CrmItem {
  std::string id;
  bool is_deal = false;
  std::string state;
  int wanted = 1;                         // the version to be sent
  std::optional<std::int64_t> remote_id;  // in the CRM, once it was made
  std::string login;                      // of the tracked user
  std::string gist;                       // its id; empty for a user's deal
  bool is_gone = false;                   // the gist is public no more: nothing new is told of it
  // The rest is for activities alone.
  std::string filename, html_url, content_state, found_at;
  std::int64_t size = 0;
  std::optional<std::string> content = {};  // its first bytes; nothing: there is no text
};
// Nothing when it was deleted.
[[nodiscard]] std::optional<CrmItem> load_crm_item(pg::Connection& connection,
                                                   const std::string& id, int content_bytes_max);

// The ids of items that are to be sent, those of deals first, then the oldest.
[[nodiscard]] std::vector<std::string> pending_crm_items(pg::Connection& connection, int limit);
// Those whose activity is to be marked as done.
[[nodiscard]] std::vector<std::string> undone_crm_items(pg::Connection& connection, int limit);
[[nodiscard]] bool has_pending_crm_items(pg::Connection& connection);

// The deal that the activity of this item belongs to, made if there is none; mode is "deal" or
// "deal_per_gist".
[[nodiscard]] std::optional<std::string> deal_of(pg::Connection& connection,
                                                 const std::string& item, const std::string& mode);

// Items whose last request has no known end, and for how long it has been under way at most.
struct UnknownItem {
  std::string id;
  bool is_deal = false;
  bool is_known = false;  // it was made before, so the request only changed it
  std::string title;      // of a deal
};
struct UnknownItems {
  std::vector<UnknownItem> items;
  std::chrono::seconds age{};
};
[[nodiscard]] UnknownItems unknown_crm_items(pg::Connection& connection, int limit);

// ---- how a request goes; each in a transaction that begins with the lease's fence

// False when it is not pending any more.
[[nodiscard]] bool begin_sending(pg::Connection& connection, const std::string& id);
// The CRM has this version; a newer one waits again.
void note_sent(pg::Connection& connection, const std::string& id, int version,
               std::int64_t remote_id);
void note_unsent(pg::Connection& connection, const std::string& id);
void note_refused(pg::Connection& connection, const std::string& id, const std::string& error);
void note_gone(pg::Connection& connection, const std::string& id);
void note_done(pg::Connection& connection, const std::string& id);
// The CRM does not list it: after two such looks, `interval` apart, it is to be sent again. Returns
// how long the second look has to wait; zero when it is to be sent.
[[nodiscard]] std::chrono::milliseconds note_absent(pg::Connection& connection,
                                                    const std::string& id,
                                                    std::chrono::seconds interval);
// Nothing is told of a gist that is public no more: an item that the CRM has stays as it is, one
// that it has not is deleted.
void drop_crm_item(pg::Connection& connection, const std::string& id);

// ---- what keeps it moving

struct CrmSettings {
  std::string company, mode, on_edit, on_delete;
};
// Records an operation where items wait and none would send them; true when it did.
[[nodiscard]] bool sweep_crm(pg::Connection& connection, const CrmSettings& settings,
                             const std::vector<std::string>& pauses);
void wake_crm(pg::Connection& connection, const std::string& company);

struct Backfilled {
  std::optional<std::string> last_file;  // nothing: there are no more files
  int added = 0;
};
[[nodiscard]] Backfilled backfill_crm(pg::Connection& connection, const CrmSettings& settings,
                                      std::optional<base::TimePoint> since,
                                      const std::optional<std::string>& after, int limit);

}  // namespace devy::gists
