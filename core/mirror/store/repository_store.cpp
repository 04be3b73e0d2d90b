#include "core/mirror/store/repository_store.hpp"

#include "core/mirror/store/repository_row.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement select_repository{"select_mirror_repository", R"sql(
  select * from github.repository where id = $1::bigint)sql"};

constexpr pg::Statement select_repository_by_name{"select_mirror_repository_by_name", R"sql(
  select *
  from github.repository
  where lower(owner_login) = lower(split_part($1::text, '/', 1))
    and lower(name) = lower(split_part($1::text, '/', 2)) and deleted_at is null
  order by is_mirrored desc, github_at desc nulls last
  limit 1)sql"};

constexpr pg::Statement select_mirrored{"select_mirrored_repositories", R"sql(
  select * from github.repository where is_mirrored order by lower(owner_login), lower(name))sql"};

constexpr pg::Statement update_mirrored{"set_repository_mirrored", R"sql(
  update github.repository
  set is_mirrored = $2::boolean, installation = coalesce($3::bigint, installation)
  where id = $1::bigint)sql"};

constexpr pg::Statement call_row_counts{"mirror_row_counts", R"sql(
  select o_list, o_rows, o_unsettled from mirror_row_counts(array[$1::bigint]))sql"};

constexpr pg::Statement call_end_repository{"mirror_end_repository", R"sql(
  select mirror_end_repository($1::bigint, $2::text, $3::timestamptz, $4::integer) as ended)sql"};

constexpr pg::Statement update_own_hook{"note_own_mirror_hook", R"sql(
  update github.repository_hook set is_ours = true
  where id = $1::bigint and repository_id = $2::bigint and not is_ours)sql"};

constexpr pg::Statement update_former_hook{"forget_own_mirror_hook", R"sql(
  update github.repository_hook set is_ours = false
  where id = $1::bigint and repository_id = $2::bigint and is_ours)sql"};

constexpr pg::Statement call_purge{"mirror_purge", R"sql(
  select o_table, o_rows from mirror_purge($1::bigint))sql"};

constexpr pg::Statement select_readable{"select_readable_repositories", R"sql(
  select r.*
  from github.repository r
  left join github.user_repository u
    on u.repository_id = r.id and u.user_id = $1::bigint and u.can_pull and u.deleted_at is null
   and u.last_replicated_via_api_at > clock_timestamp() - make_interval(secs => $2::float8)
  where r.is_mirrored
    and (u.can_pull or (r.private is false and coalesce(r.visibility, 'public') = 'public'
                        and r.deleted_at is null))
    and (lower(r.owner_login), lower(r.name))
        > (split_part(lower($3::text), '/', 1), split_part(lower($3::text), '/', 2))
  order by lower(r.owner_login), lower(r.name)
  limit $4::integer)sql"};

constexpr pg::Statement select_rights{"select_repository_rights", R"sql(
  select coalesce(can_pull, false) as can_pull, coalesce(can_admin, false) as can_admin
  from github.user_repository
  where user_id = $1::bigint and repository_id = $2::bigint and deleted_at is null
    and last_replicated_via_api_at > clock_timestamp() - make_interval(secs => $3::float8))sql"};

std::optional<Repository> first_of(const pg::Result& rows) {
  if (rows.empty()) return std::nullopt;
  return read_repository(rows[0]);
}

}  // namespace

Repository read_repository(const pg::Row& row) {
  Repository repository;
  repository.id = row.integer("id");
  repository.full_name = row.text("full_name");
  repository.is_private = !row.is_null("private") && row.boolean("private");
  repository.is_mirrored = row.boolean("is_mirrored");
  repository.is_public = !row.is_null("private") && !row.boolean("private") &&
                         row.maybe_text("visibility").value_or("public") == "public" &&
                         row.is_null("deleted_at");
  repository.is_ended = !row.is_null("deleted_at");
  repository.installation = row.maybe_integer("installation");
  repository.created_at = row.maybe_time("created_at");
  repository.via_webhook_at = row.maybe_time("last_replicated_via_webhook_at");
  repository.via_api_at = row.maybe_time("last_replicated_via_api_at");
  repository.last_scanned = {{"labels", row.maybe_time("labels_last_scanned_at")},
                             {"milestones", row.maybe_time("milestones_last_scanned_at")},
                             {"issues", row.maybe_time("issues_last_scanned_at")},
                             {"pulls", row.maybe_time("pull_requests_last_scanned_at")},
                             {"hooks", row.maybe_time("hooks_last_scanned_at")},
                             {"comments", row.maybe_time("comments_last_scanned_at")}};
  return repository;
}

std::optional<Repository> find_repository(pg::Connection& connection, std::int64_t id) {
  return first_of(connection.query(select_repository, pg::Params(id)));
}

std::optional<Repository> find_repository(pg::Connection& connection,
                                          const std::string& full_name) {
  return first_of(connection.query(select_repository_by_name, pg::Params(full_name)));
}

std::vector<Repository> list_repositories(pg::Connection& connection) {
  std::vector<Repository> repositories;
  for (const auto row : connection.query(select_mirrored))
    repositories.push_back(read_repository(row));
  return repositories;
}

std::vector<Repository> list_readable_repositories(pg::Connection& connection, const Reader& reader,
                                                   const std::string& after, int limit) {
  std::vector<Repository> repositories;
  for (const auto row : connection.query(
           select_readable,
           pg::Params(reader.github_id, static_cast<std::int64_t>(reader.access_max_age.count()),
                      after, limit)))
    repositories.push_back(read_repository(row));
  return repositories;
}

std::optional<Rights> find_rights(pg::Connection& connection, const Reader& reader,
                                  std::int64_t repository) {
  if (!reader.github_id) return std::nullopt;
  const auto rows = connection.maybe(
      select_rights, pg::Params(reader.github_id, repository,
                                static_cast<std::int64_t>(reader.access_max_age.count())));
  if (!rows) return std::nullopt;
  return Rights{(*rows)[0].boolean("can_pull"), (*rows)[0].boolean("can_admin")};
}

void set_mirrored(pg::Connection& connection, std::int64_t id, bool is_mirrored,
                  std::optional<std::int64_t> installation) {
  connection.execute(update_mirrored, pg::Params(id, is_mirrored, installation));
}

std::int64_t end_repository(pg::Connection& connection, std::int64_t id, std::string_view reason,
                            base::TimePoint at, int rows_max) {
  return connection
      .one(call_end_repository, pg::Params(id, reason, base::format_rfc3339(at), rows_max))[0]
      .integer("ended");
}

void note_own_hook(pg::Connection& connection, std::int64_t id, std::int64_t repository_id) {
  connection.execute(update_own_hook, pg::Params(id, repository_id));
}

void forget_own_hook(pg::Connection& connection, std::int64_t id, std::int64_t repository_id) {
  connection.execute(update_former_hook, pg::Params(id, repository_id));
}

std::map<std::string, std::int64_t> purge_repository(pg::Connection& connection, std::int64_t id) {
  std::map<std::string, std::int64_t> purged;
  for (const auto row : connection.query(call_purge, pg::Params(id)))
    purged.emplace(row.text("o_table"), row.integer("o_rows"));
  return purged;
}

RowCounts count_rows(pg::Connection& connection, std::int64_t id) {
  RowCounts counts;
  for (const auto row : connection.query(call_row_counts, pg::Params(id))) {
    counts.rows.emplace(row.text("o_list"), row.integer("o_rows"));
    counts.unsettled += row.integer("o_unsettled");
  }
  return counts;
}

}  // namespace devy::mirror
