#include "core/gists/store/user_store.hpp"

#include <algorithm>

#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::gists {
namespace {

constexpr std::size_t login_bytes_max = 39;
constexpr std::size_t external_id_bytes_max = 64;

constexpr pg::Statement call_user_add{"gist_user_add", R"sql(
  select o_id, o_result from gist_user_add($1::text, $2::text, $3::timestamptz, $4::text, $5::bigint))sql"};

constexpr pg::Statement call_user_remove{"gist_user_remove", R"sql(
  select gist_user_remove($1::text, $2::boolean) as id)sql"};

constexpr pg::Statement call_user_identify{"gist_user_identify", R"sql(
  select gist_user_identify($1::uuid, $2::text, $3::bigint) as result)sql"};

constexpr pg::Statement select_user_by_login{"find_tracked_user", R"sql(
  select t.*, (select count(*) from gist g where g.tracked_user_id = t.id and g.gone_at is null) as gists,
         (select count(*) from gist g join gist_file f on f.gist_id = g.id and f.removed_at is null
           where g.tracked_user_id = t.id and g.gone_at is null) as files
    from tracked_user t where t.login = lower($1::text)
   order by t.state = 'off', t.created_at desc limit 1)sql"};

constexpr pg::Statement select_user_by_id{"load_tracked_user", R"sql(
  select t.*, 0::bigint as gists, 0::bigint as files from tracked_user t where t.id = $1::uuid)sql"};

constexpr pg::Statement select_users{"list_tracked_users", R"sql(
  select t.*, coalesce(g.gists, 0) as gists, coalesce(g.files, 0) as files
    from tracked_user t
    left join (select g.tracked_user_id, count(distinct g.id) as gists, count(f.id) as files
                 from gist g left join gist_file f on f.gist_id = g.id and f.removed_at is null
                where g.gone_at is null group by 1) g on g.tracked_user_id = t.id
   where t.state <> 'off' or $1::boolean
   order by t.login, t.created_at)sql"};

constexpr pg::Statement select_logins{"logins_of_gist_operations", R"sql(
  select o.id, t.login
    from operation o
    join resource r on r.id = o.resource_id and r.kind = 'gist_owner'
    join tracked_user t on t.id::text = r.key
   where o.id = any ($1::uuid[]))sql"};

User user_of(const pg::Row& row) {
  User user;
  user.id = UserId::trusted(row.text("id"));
  user.external_id = row.text("external_id");
  user.login = row.text("login");
  user.github_id = row.maybe_integer("github_id");
  user.state = row.text("state");
  user.since = row.maybe_time("since");
  user.scan_at = row.maybe_time("scan_at");
  user.scanned_at = row.maybe_time("scanned_at");
  user.full_at = row.maybe_time("full_at");
  user.watermark = row.maybe_time("watermark");
  user.is_full_wanted = row.boolean("is_full_wanted");
  user.etag = row.text("etag");
  user.failures = static_cast<int>(row.integer("failures"));
  user.error = row.text("error");
  user.routine = row.maybe_integer("routine_id");
  user.gists = row.integer("gists");
  user.files = row.integer("files");
  return user;
}

Added added_of(std::string_view text) {
  if (text == "added") return Added::added;
  if (text == "known") return Added::known;
  if (text == "login_tracked") return Added::login_tracked;
  return text == "id_taken" ? Added::id_taken : Added::too_many;
}

bool is_word(std::string_view text, std::size_t bytes_max) {
  constexpr std::string_view allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !text.empty() && text.size() <= bytes_max &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

bool is_login(std::string_view text) {
  return is_word(text, login_bytes_max);
}

bool is_external_id(std::string_view text) {
  return is_word(text, external_id_bytes_max);
}

AddedUser add_user(pg::Connection& connection, const NewUser& user, std::uint64_t users_max) {
  const auto since = user.since ? std::optional(base::format_rfc3339(*user.since)) : std::nullopt;
  const auto rows = connection.one(
      call_user_add, pg::Params(user.login, user.external_id, since, user.added_by, users_max));
  AddedUser added{added_of(rows[0].view("o_result")), std::nullopt};
  if (!rows[0].is_null("o_id")) added.id = UserId::trusted(rows[0].text("o_id"));
  return added;
}

bool remove_user(pg::Connection& connection, const std::string& login, bool is_forgotten) {
  return !connection.one(call_user_remove, pg::Params(login, is_forgotten))[0].is_null("id");
}

std::optional<User> find_user(pg::Connection& connection, const std::string& login) {
  const auto rows = connection.maybe(select_user_by_login, pg::Params(login));
  return rows ? std::optional(user_of((*rows)[0])) : std::nullopt;
}

std::optional<User> find_user(pg::Connection& connection, const UserId& id) {
  const auto rows = connection.maybe(select_user_by_id, pg::Params(id.text()));
  return rows ? std::optional(user_of((*rows)[0])) : std::nullopt;
}

std::vector<User> list_users(pg::Connection& connection, bool has_off) {
  std::vector<User> users;
  for (const auto row : connection.query(select_users, pg::Params(has_off)))
    users.push_back(user_of(row));
  return users;
}

std::map<std::string, std::string> logins_of(pg::Connection& connection,
                                             const std::vector<std::string>& operations) {
  std::map<std::string, std::string> logins;
  for (const auto row : connection.query(select_logins, pg::Params(operations)))
    logins.emplace(row.text("id"), row.text("login"));
  return logins;
}

bool identify_user(pg::Connection& connection, const UserId& id, const std::string& login,
                   std::int64_t github_id) {
  const auto rows = connection.one(call_user_identify, pg::Params(id.text(), login, github_id));
  return rows[0].view("result") == "known";
}

json::Json user_json(const User& user) {
  return json::Json::object({{"login", user.login},
                             {"id", user.external_id},
                             {"github_id", user.github_id},
                             {"state", user.state},
                             {"since", user.since},
                             {"gists", user.gists},
                             {"files", user.files},
                             {"scanned_at", user.scanned_at},
                             {"next_scan_at", user.scan_at},
                             {"failures", user.failures},
                             {"error", base::unless_empty(user.error)}});
}

}  // namespace devy::gists
