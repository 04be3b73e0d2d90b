#include "core/gists/store/user_store.hpp"

namespace devy::gists {
namespace {

constexpr pg::Statement select_logins{"logins_of_gist_operations", R"sql(
  select o.id, t.login
    from operation o
    join resource r on r.id = o.resource_id and r.kind = 'gist_owner'
    join tracked_user t on t.id::text = r.key
   where o.id = any ($1::uuid[]))sql"};

}  // namespace

std::map<std::string, std::string> logins_of(pg::Connection& connection,
                                             const std::vector<std::string>& operations) {
  std::map<std::string, std::string> logins;
  for (const auto row : connection.query(select_logins, pg::Params(operations)))
    logins.emplace(row.text("id"), row.text("login"));
  return logins;
}

}  // namespace devy::gists
