#include "core/publishing/store/account_store.hpp"

#include "core/platform/base/closest_name.hpp"

namespace devy::publishing {
namespace {

using base::Error;
using base::ErrorKind;

Account read_account(const pg::Row& row) {
  return {base::AccountId::trusted(row.text("id")), row.text("username"),
          row.boolean("is_supporter"), row.time("created_at"),
          static_cast<int>(row.integer("blogs"))};
}

constexpr pg::Statement insert_account{"insert_account", R"sql(
  insert into account (username, is_supporter)
  values (lower($1::text), $2::boolean)
  on conflict (username) do nothing
  returning id, username, is_supporter, created_at, 0 as blogs)sql"};

constexpr pg::Statement select_accounts{"select_accounts", R"sql(
  select a.id, a.username, a.is_supporter, a.created_at,
         (select count(*) from blog b where b.account_id = a.id and b.is_connected) as blogs
  from account a
  where $1::text is null or a.username = lower($1::text)
  order by a.username)sql"};

}  // namespace

Account add_account(pg::Connection& connection, const std::string& username, bool is_supporter) {
  try {
    const auto added = connection.maybe(insert_account, pg::Params(username, is_supporter));
    if (added) return read_account((*added)[0]);
  } catch (const Error& error) {
    if (error.code() != "23514") throw;
    throw Error(ErrorKind::usage, "unable to add account '" + username + "': not a GitHub username",
                "Use letters, digits and single hyphens inside, at most 39 characters; 'assets' is "
                "Devy's own.");
  }
  throw Error(ErrorKind::conflict, "unable to add account '" + username + "': it exists",
              "See `devy-upload account show " + username + "`.", "account_exists");
}

namespace {

// "Did you mean `alice`? ", or nothing.
std::string suggested_account(pg::Connection& connection, const std::string& username) {
  std::vector<std::string> known;
  for (const auto& account : list_accounts(connection))
    known.push_back(account.username);
  const auto near = base::closest_name(username, std::span<const std::string>(known));
  return near ? "Did you mean `" + std::string(*near) + "`? " : std::string();
}

}  // namespace

Account find_account(pg::Connection& connection, const std::string& username) {
  const auto found = connection.maybe(select_accounts, pg::Params(username));
  if (!found)
    throw Error(ErrorKind::not_found, "unable to find account '" + username + "'",
                suggested_account(connection, username) +
                    "List them with `devy-upload account list`, or add it with `account add`.");
  return read_account((*found)[0]);
}

std::vector<Account> list_accounts(pg::Connection& connection) {
  std::vector<Account> accounts;
  for (const auto row : connection.query(select_accounts, pg::Params(std::nullopt)))
    accounts.push_back(read_account(row));
  return accounts;
}

}  // namespace devy::publishing
