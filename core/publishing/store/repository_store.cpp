#include "core/publishing/store/repository_store.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement call_repository_told{"repository_told", R"sql(
  select o_blog_id, coalesce(o_follows_default_branch, false) as follows_default_branch
    from repository_told(
      p_github_id => $1::bigint,
      p_told_at => $2::timestamptz,
      p_default_branch => $3::text,
      p_is_private => $4::boolean))sql"};

constexpr pg::Statement call_repository_claim{"repository_claim", R"sql(
  select repository_claim(p_github_id => $1::bigint[], p_claim => $2::text))sql"};

constexpr pg::Statement call_repository_freeze{"repository_freeze", R"sql(
  select repository_freeze(p_github_id => $1::bigint[], p_reason => $2::text))sql"};

constexpr pg::Statement call_repository_hook_lost{"repository_hook_lost", R"sql(
  select repository_hook_lost(p_github_id => $1::bigint[]))sql"};

constexpr pg::Statement select_repository_blog{"select_repository_blog", R"sql(
  select b.id
  from repository r join blog b on b.repository_id = r.id and b.is_connected
  where r.github_id = $1::bigint)sql"};

constexpr pg::Statement select_installed{"select_installed", R"sql(
  select github_id from repository where installation = $1::bigint and github_id is not null)sql"};

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

std::vector<std::string> texts_of(const std::vector<std::int64_t>& ids) {
  std::vector<std::string> texts;
  texts.reserve(ids.size());
  for (const auto id : ids)
    texts.push_back(std::to_string(id));
  return texts;
}

}  // namespace

std::string_view to_string(Claim claim) {
  switch (claim) {
    case Claim::deleted: return "deleted";
    case Claim::removed: return "removed";
    case Claim::added: return "added";
    case Claim::moved: return "moved";
    case Claim::made_public: return "public";
  }
  return "";
}

std::optional<ToldBlog> record_told(pg::Connection& connection, const Told& told) {
  std::optional<std::string> at;
  if (told.at) at = base::format_rfc3339(*told.at);
  const auto found = connection.maybe(
      call_repository_told,
      pg::Params(told.github_id, at, base::unless_empty(told.default_branch), told.is_private));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  ToldBlog blog;
  if (const auto id = row.maybe_text("o_blog_id")) blog.blog = base::BlogId::trusted(*id);
  blog.follows_default_branch = row.boolean("follows_default_branch");
  return blog;
}

void claim_repositories(pg::Connection& connection, const std::vector<std::int64_t>& github_ids,
                        Claim claim) {
  if (github_ids.empty()) return;
  connection.execute(call_repository_claim, pg::Params(texts_of(github_ids), to_string(claim)));
}

void freeze_repositories(pg::Connection& connection, const std::vector<std::int64_t>& github_ids,
                         const std::string& reason) {
  if (github_ids.empty()) return;
  connection.execute(call_repository_freeze, pg::Params(texts_of(github_ids), reason));
}

void note_hooks_lost(pg::Connection& connection, const std::vector<std::int64_t>& github_ids) {
  if (github_ids.empty()) return;
  connection.execute(call_repository_hook_lost, pg::Params(texts_of(github_ids)));
}

std::optional<base::BlogId> find_repository_blog(pg::Connection& connection,
                                                 std::int64_t github_id) {
  const auto found = connection.maybe(select_repository_blog, pg::Params(github_id));
  if (!found) return std::nullopt;
  return base::BlogId::trusted((*found)[0].text("id"));
}

std::vector<std::int64_t> repositories_of_installation(pg::Connection& connection,
                                                       std::int64_t installation) {
  std::vector<std::int64_t> ids;
  for (const auto row : connection.query(select_installed, pg::Params(installation)))
    ids.push_back(row.integer("github_id"));
  return ids;
}

std::map<std::int64_t, std::string> blogs_of_repositories(
    pg::Connection& connection, const std::vector<std::int64_t>& github_ids) {
  std::map<std::int64_t, std::string> blogs;
  for (const auto row :
       connection.query(select_blogs_of_repositories, pg::Params(texts_of(github_ids))))
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
