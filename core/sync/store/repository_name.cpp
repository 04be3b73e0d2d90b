#include "core/sync/store/repository_name.hpp"

namespace devy::sync {
namespace {

constexpr pg::Statement select_repository_id{"select_repository_id", R"sql(
  select id from github.repository
   where lower(owner_login || '/' || name) = lower($1::text) and deleted_at is null
   order by id desc limit 1)sql"};

}  // namespace

std::optional<std::int64_t> find_repository_id(pg::Connection& connection,
                                               const std::string& full_name) {
  const auto rows = connection.maybe(select_repository_id, pg::Params(full_name));
  if (!rows) return std::nullopt;
  return (*rows)[0].integer("id");
}

}  // namespace devy::sync
