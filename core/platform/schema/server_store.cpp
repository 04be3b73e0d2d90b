#include "core/platform/schema/server_store.hpp"

namespace devy::schema {
namespace {

// "15.18 (Debian 15.18-0+deb12u1)": the packager's part is left out.
constexpr pg::Statement select_server_facts{"select_server_facts", R"sql(
  select split_part(current_setting('server_version'), ' ', 1) as version,
         current_setting('server_encoding') as encoding,
         pg_is_in_recovery() as is_standby,
         clock_timestamp() as now)sql"};

}  // namespace

ServerFacts server_facts(pg::Connection& connection) {
  const auto rows = connection.one(select_server_facts);
  const auto row = rows[0];
  return {row.text("version"), row.text("encoding"), row.boolean("is_standby"), row.time("now")};
}

}  // namespace devy::schema
