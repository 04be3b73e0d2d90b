#include "core/publishing/store/repository_standing.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement select_standing{"select_repository_standing", R"sql(
  select r.id, r.github_id, r.installation, r.claim, r.claimed_at::text as claimed_at, r.asked_at,
         k.gone_since is not null as was_gone
  from blog b
  join repository r on r.id = b.repository_id
  join reconcile_schedule k on k.blog_id = b.id
  where b.id = $1::uuid)sql"};

constexpr pg::Statement update_answer{"update_repository_answer", R"sql(
  update repository
  set url = coalesce($2::text, url), owner = $3::text, name = $4::text,
      default_branch = coalesce($5::text, default_branch), is_private = $6::boolean,
      installation = coalesce($7::bigint, installation), told_at = greatest(told_at, $8::timestamptz),
      updated_at = clock_timestamp()
  where id = $1::uuid)sql"};

constexpr pg::Statement update_asked{"update_repository_asked", R"sql(
  update repository set asked_at = clock_timestamp() where id = $1::uuid)sql"};

constexpr pg::Statement update_bound{"update_repository_bound", R"sql(
  update repository
  set github_id = $2::bigint, updated_at = clock_timestamp()
  where id = $1::uuid and coalesce(github_id, $2::bigint) = $2::bigint
    and not exists (select from repository o where o.github_id = $2::bigint and o.id <> $1::uuid))sql"};

constexpr pg::Statement update_claim{"update_repository_claim", R"sql(
  update repository
  set claim = null, claimed_at = null
  where id = $1::uuid and claim = $2::text and claimed_at = $3::timestamptz)sql"};

constexpr pg::Statement update_gone{"update_gone", R"sql(
  update reconcile_schedule set gone_since = clock_timestamp()
  where blog_id = $1::uuid and gone_since is null)sql"};

}  // namespace

RepositoryStanding repository_standing(pg::Connection& connection, const base::BlogId& blog) {
  const auto rows = connection.one(select_standing, pg::Params(blog.text()));
  const auto row = rows[0];
  return {base::RepositoryId::trusted(row.text("id")),
          row.maybe_integer("github_id"),
          row.maybe_integer("installation"),
          row.maybe_text("claim"),
          row.maybe_text("claimed_at").value_or(""),
          row.maybe_time("asked_at"),
          row.boolean("was_gone")};
}

void save_answer(pg::Connection& connection, const base::RepositoryId& repository,
                 const RepositoryAnswer& answer) {
  std::optional<std::string> updated_at;
  if (answer.updated_at) updated_at = base::format_rfc3339(*answer.updated_at);
  connection.execute(update_answer,
                     pg::Params(repository.text(), answer.url, answer.owner, answer.name,
                                base::unless_empty(answer.default_branch), answer.is_private,
                                answer.installation, updated_at));
}

void note_asked(pg::Connection& connection, const base::RepositoryId& repository) {
  connection.execute(update_asked, pg::Params(repository.text()));
}

bool bind_repository(pg::Connection& connection, const base::RepositoryId& repository,
                     std::int64_t github_id) {
  return connection.execute(update_bound, pg::Params(repository.text(), github_id)) == 1;
}

void settle_claim(pg::Connection& connection, const RepositoryStanding& standing) {
  if (!standing.claim) return;
  connection.execute(update_claim,
                     pg::Params(standing.id.text(), *standing.claim, standing.claimed_at));
}

void note_gone(pg::Connection& connection, const base::BlogId& blog) {
  connection.execute(update_gone, pg::Params(blog.text()));
}

}  // namespace devy::publishing
