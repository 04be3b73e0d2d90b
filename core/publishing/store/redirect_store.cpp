#include "core/publishing/store/redirect_store.hpp"

namespace devy::publishing {
namespace {

// A redirect is an alias of its post's front matter, or a slug that its post had.
constexpr pg::Statement select_altered_redirects{"select_altered_redirects", R"sql(
  select p.path
  from lost_redirects($1::uuid) l
  join post p on p.id = l.post_id
  union
  select p.path
  from redirect r
  join post p on p.id = r.post_id
  where r.blog_id = $1::uuid and not r.slug = any (p.aliases)
    and (r.is_alias or not exists (select from revision v where v.post_id = r.post_id and v.slug = r.slug))
  order by path)sql"};

constexpr pg::Statement delete_strange_redirects{"delete_strange_redirects", R"sql(
  delete from redirect r
  using post p
  where p.id = r.post_id and r.blog_id = $1::uuid and not r.slug = any (p.aliases)
    and (r.is_alias or not exists (select from revision v where v.post_id = r.post_id and v.slug = r.slug)))sql"};

constexpr pg::Statement return_redirects_statement{"return_redirects", R"sql(
  insert into redirect (blog_id, slug, post_id, is_alias)
  select $1::uuid, slug, post_id, is_alias from lost_redirects($1::uuid))sql"};

// The aliases of posts that are written anew are deleted; their front matter states the current
// ones.
constexpr pg::Statement delete_aliases{"delete_aliases", R"sql(
  delete from redirect where is_alias and post_id = any ($1::uuid[]))sql"};

// Takes the address from whatever redirect has it; a former slug of the same post remains one,
// whatever becomes of the alias.
constexpr pg::Statement insert_redirect{"insert_redirect", R"sql(
  insert into redirect (blog_id, slug, post_id, is_alias)
  values ($1::uuid, $2::text, $3::uuid, $4::boolean)
  on conflict (blog_id, slug) do update
  set post_id = excluded.post_id,
      is_alias = excluded.is_alias
                 and (redirect.is_alias or redirect.post_id <> excluded.post_id))sql"};

constexpr pg::Statement delete_redirects{"delete_redirects", R"sql(
  delete from redirect where blog_id = $1::uuid and slug = any ($2::text[]))sql"};

}  // namespace

std::vector<std::string> posts_of_altered_redirects(pg::Connection& connection,
                                                    const base::BlogId& blog) {
  std::vector<std::string> paths;
  for (const auto row : connection.query(select_altered_redirects, pg::Params(blog.text())))
    paths.push_back(row.text("path"));
  return paths;
}

void drop_redirects(pg::Connection& connection, const PublishTarget& target,
                    const std::vector<plan::Write>& writes) {
  std::vector<std::string> ids, slugs;
  for (const auto& write : writes) {
    if (write.post) ids.push_back(write.post->text());
    slugs.push_back(write.slug);
  }
  if (!ids.empty()) connection.push(delete_aliases, pg::Params(ids));
  if (!slugs.empty()) connection.push(delete_redirects, pg::Params(target.blog.text(), slugs));
}

void write_redirect(pg::Connection& connection, const PublishTarget& target,
                    const plan::Redirect& redirect, const base::PostId& post) {
  connection.push(insert_redirect,
                  pg::Params(target.blog.text(), redirect.from, post.text(), redirect.is_alias));
}

void return_redirects(pg::Connection& connection, const PublishTarget& target) {
  if (target.is_repair) connection.push(delete_strange_redirects, pg::Params(target.blog.text()));
  connection.push(return_redirects_statement, pg::Params(target.blog.text()));
}

}  // namespace devy::publishing
