#pragma once
// Lists for the pages of gists: tracked users, the gists of one, and what the CRM refused. Each is
// read a page at a time by an index, and counts end at a bound. Throws what pg::Connection
// throws; one thread a connection.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/gists/store/crm_list_store.hpp"
#include "core/gists/store/user_store.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::gists {

inline constexpr std::int64_t counted_max = 1'000;  // gists of a user, and what is new to a visitor
inline constexpr int files_listed_max = 20;         // of one gist

// A scan that waits or runs.
struct OpenScan {
  std::string operation, state, step;
};
struct ListedUser {
  UserId id;
  std::string login, state;
  std::optional<base::TimePoint> scanned_at, scan_at;
  int failures = 0;
  std::string error;       // of the last scan that failed
  std::int64_t gists = 0;  // that are public still; above counted_max: more
  std::optional<OpenScan> scan;
};
struct UserFilter {
  std::string state;  // new, active, missing, off, or failing; empty: whoever is tracked
  std::string login;  // those behind this login and this id, in this order
  std::optional<UserId> id;
  int limit = 50;
};
// By login.
[[nodiscard]] std::vector<ListedUser> list_users(pg::Connection& connection,
                                                 const UserFilter& filter);
[[nodiscard]] std::optional<OpenScan> open_scan(pg::Connection& connection, const UserId& user);

// The facts of a user that scans do not need.
struct UserOrigin {
  base::TimePoint created_at{};
  std::string added_by;
};
[[nodiscard]] UserOrigin origin_of(pg::Connection& connection, const UserId& user);

// An item of the CRM as it stands beside what it is about.
struct ShownItem {
  std::string id, state, error;
  std::optional<std::int64_t> remote_id;
};
struct ListedFile {
  std::string filename, language, content_state;
  int version = 0;
  std::int64_t size = 0;
  std::optional<ShownItem> item;  // the one that a person has to look at, or the newest
};
struct ListedGist {
  std::string id;
  std::optional<std::string> description;
  std::string html_url, gone_reason;  // empty: it is public
  base::TimePoint updated_at{};
  bool is_partial = false;
  std::int64_t files = 0, versions = 0;
  std::optional<ShownItem> deal;   // its own
  std::vector<ListedFile> listed;  // the first files_listed_max by name
};
struct GistFilter {
  std::string state;   // public or gone; empty: both
  std::string before;  // the id of a gist of the same user: those behind it
  int limit = 50;
};
// The last updated first.
[[nodiscard]] std::vector<ListedGist> list_gists_of(pg::Connection& connection, const UserId& user,
                                                    const GistFilter& filter);
// The deal of a user, where there is one.
[[nodiscard]] std::optional<ShownItem> deal_of_user(pg::Connection& connection, const UserId& user);

// The words of gists about themselves, by their ids.
struct GistWords {
  std::optional<std::string> description;
  std::string html_url;
};
[[nodiscard]] std::map<std::string, GistWords> words_of_gists(pg::Connection& connection,
                                                              const std::vector<std::string>& ids);

// How many files a visit would show that visitor; above counted_max: more, or not all was looked
// at.
[[nodiscard]] std::int64_t count_news(pg::Connection& connection, const UserId& user,
                                      const std::string& visitor);

// How many items wait, were refused, or were deleted in the CRM; above counted_max: more.
struct CrmOutlook {
  std::int64_t waiting = 0, refused = 0, gone = 0;
  std::optional<base::TimePoint> oldest;  // of those that wait
};
[[nodiscard]] CrmOutlook crm_outlook(pg::Connection& connection);

// Items that a person has to look at, in the order of their ids.
struct RefusedItem {
  ShownItem item;
  std::string kind, login, filename;  // no name: a deal
};
[[nodiscard]] std::vector<RefusedItem> list_refused(pg::Connection& connection,
                                                    const std::string& after_id, int limit);

}  // namespace devy::gists
