#pragma once
// Tracked users as the database has them: users.sql decides who is tracked. Throws what
// pg::Connection throws; one thread a connection.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::gists {

using UserId = base::Id<struct TrackedUserTag>;

struct User {
  UserId id;
  std::string external_id;
  std::string login;  // in lower case; "@" and his number: it is to be asked for
  std::optional<std::int64_t> github_id;
  std::string state;  // new, active, missing, off
  std::optional<base::TimePoint> since, scan_at, scanned_at, full_at, watermark;
  bool is_full_wanted = false;
  std::string etag;
  int failures = 0;
  std::string error;
  std::optional<std::int64_t> routine;
  std::int64_t gists = 0, files = 0;  // that are public still; find_user() and list_users() count
};

struct NewUser {
  std::string login;
  std::optional<std::string> external_id;  // absent: the login
  std::optional<base::TimePoint> since;
  std::string added_by;
};
enum class Added { added, known, login_tracked, id_taken, too_many };
struct AddedUser {
  Added result = Added::added;
  std::optional<UserId> id;
};

// Whether GitHub would take it for a login, and whoever tracks for an id.
[[nodiscard]] bool is_login(std::string_view text);
[[nodiscard]] bool is_external_id(std::string_view text);

[[nodiscard]] AddedUser add_user(pg::Connection& connection, const NewUser& user,
                                 std::uint64_t users_max);
// False: nobody is tracked by that login. What was found stays, unless it is to be forgotten.
[[nodiscard]] bool remove_user(pg::Connection& connection, const std::string& login,
                               bool is_forgotten);

// Finds the one who is tracked by that login, or was.
[[nodiscard]] std::optional<User> find_user(pg::Connection& connection, const std::string& login);
[[nodiscard]] std::optional<User> find_user(pg::Connection& connection, const UserId& id);
// By login; those that are off come only when they are asked for.
[[nodiscard]] std::vector<User> list_users(pg::Connection& connection, bool has_off = false);

// The logins whose gists operations are about, by the operation's id.
[[nodiscard]] std::map<std::string, std::string> logins_of(
    pg::Connection& connection, const std::vector<std::string>& operations);

// GitHub's answer about who it is. False: another row is that user already, and this one is off.
[[nodiscard]] bool identify_user(pg::Connection& connection, const UserId& id,
                                 const std::string& login, std::int64_t github_id);

// As the command line and the API show a user.
[[nodiscard]] json::Json user_json(const User& user);

}  // namespace devy::gists
