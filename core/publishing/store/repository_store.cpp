#include "core/publishing/store/repository_store.hpp"

#include "core/platform/queue/ingest.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement update_by_github_id{"update_by_github_id", R"sql(
  update repository
  set owner = coalesce($2::text, owner), name = coalesce($3::text, name),
      url = coalesce($4::text, url), default_branch = coalesce($5::text, default_branch),
      is_private = coalesce($6::boolean, is_private), updated_at = clock_timestamp()
  where github_id = $1::bigint)sql"};

constexpr pg::Statement select_repository_blog{"select_repository_blog", R"sql(
  select b.id, r.url, b.branch is null as follows_default_branch
  from repository r join blog b on b.repository_id = r.id and b.is_connected
  where r.github_id = $1::bigint)sql"};

constexpr pg::Statement mark_frozen{"mark_frozen", R"sql(
  update repository r set frozen_reason = $2::text, updated_at = clock_timestamp()
  where r.github_id = $1::bigint and r.frozen_reason is null)sql"};

constexpr pg::Statement mark_thawed{"mark_thawed", R"sql(
  update repository r set frozen_reason = null, updated_at = clock_timestamp()
  where r.github_id = $1::bigint and r.frozen_reason = $2::text)sql"};

constexpr pg::Statement select_blog_resource{"select_blog_resource", R"sql(
  select b.id, b.resource_id
  from repository r join blog b on b.repository_id = r.id and b.is_connected
  where r.github_id = $1::bigint)sql"};

constexpr pg::Statement select_installed{"select_installed", R"sql(
  select github_id from repository where installation = $1::bigint and github_id is not null)sql"};

constexpr pg::Statement mark_hook_lost{"mark_hook_lost", R"sql(
  update repository set hook_lost_at = clock_timestamp() where github_id = $1::bigint)sql"};

constexpr pg::Statement select_blogs_of_repositories{"select_blogs_of_repositories", R"sql(
  select distinct on (r.github_id) r.github_id, a.username || '/' || b.slug as blog
  from repository r join blog b on b.repository_id = r.id join account a on a.id = b.account_id
  where r.github_id = any ($1::bigint[])
  order by r.github_id, b.is_connected desc, b.created_at desc)sql"};

constexpr pg::Statement select_connected{"select_connected_repositories", R"sql(
  select distinct r.id, r.url
  from repository r join blog b on b.repository_id = r.id
  where b.is_connected and r.frozen_reason is null and split_part(r.url, '/', 3) = $1::text)sql"};

constexpr pg::Statement select_blog_of{"select_blog_of_repository", R"sql(
  select id from blog where repository_id = $1::uuid and is_connected)sql"};

}  // namespace

void update_repository(pg::Connection& connection, const RepositoryUpdate& update) {
  connection.execute(update_by_github_id,
                     pg::Params(update.github_id, update.owner, update.name, update.url,
                                update.default_branch, update.is_private));
}

std::optional<RepositoryBlog> find_repository_blog(pg::Connection& connection,
                                                   std::int64_t github_id) {
  const auto found = connection.maybe(select_repository_blog, pg::Params(github_id));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  return RepositoryBlog{base::BlogId::trusted(row.text("id")), row.text("url"),
                        row.boolean("follows_default_branch")};
}

void freeze_repositories(pg::Connection& connection, const std::vector<std::int64_t>& github_ids,
                         const std::string& reason) {
  for (const auto github_id : github_ids) {
    if (connection.execute(mark_frozen, pg::Params(github_id, reason)) == 0) continue;
    if (const auto found = connection.maybe(select_blog_resource, pg::Params(github_id)))
      queue::set_enabled(connection, (*found)[0].integer("resource_id"), false);
  }
}

std::vector<base::BlogId> thaw_repositories(pg::Connection& connection,
                                            const std::vector<std::int64_t>& github_ids,
                                            const std::string& reason) {
  std::vector<base::BlogId> thawed;
  for (const auto github_id : github_ids) {
    if (connection.execute(mark_thawed, pg::Params(github_id, reason)) == 0) continue;
    const auto found = connection.maybe(select_blog_resource, pg::Params(github_id));
    if (!found) continue;
    queue::set_enabled(connection, (*found)[0].integer("resource_id"), true);
    thawed.push_back(base::BlogId::trusted((*found)[0].text("id")));
  }
  return thawed;
}

std::vector<std::int64_t> repositories_of_installation(pg::Connection& connection,
                                                       std::int64_t installation) {
  std::vector<std::int64_t> ids;
  for (const auto row : connection.query(select_installed, pg::Params(installation)))
    ids.push_back(row.integer("github_id"));
  return ids;
}

void note_hook_lost(pg::Connection& connection, std::int64_t github_id) {
  connection.execute(mark_hook_lost, pg::Params(github_id));
}

std::map<std::int64_t, std::string> blogs_of_repositories(
    pg::Connection& connection, const std::vector<std::int64_t>& github_ids) {
  std::vector<std::string> ids;
  for (const auto id : github_ids)
    ids.push_back(std::to_string(id));
  std::map<std::int64_t, std::string> blogs;
  for (const auto row : connection.query(select_blogs_of_repositories, pg::Params(ids)))
    blogs.emplace(row.integer("github_id"), row.text("blog"));
  return blogs;
}

std::vector<ConnectedRepository> connected_repositories(pg::Connection& connection,
                                                        const std::string& host) {
  std::vector<ConnectedRepository> repositories;
  for (const auto row : connection.query(select_connected, pg::Params(host)))
    repositories.push_back({base::RepositoryId::trusted(row.text("id")), row.text("url")});
  return repositories;
}

std::optional<base::BlogId> blog_of_repository(pg::Connection& connection,
                                               const std::string& repository) {
  const auto found = connection.maybe(select_blog_of, pg::Params(repository));
  if (!found) return std::nullopt;
  return base::BlogId::trusted((*found)[0].text("id"));
}

}  // namespace devy::publishing
