#include "core/publishing/store/account_change_store.hpp"

namespace devy::publishing {
namespace {

using base::Error;
using base::ErrorKind;

constexpr pg::Statement update_supporter{"update_supporter", R"sql(
  update account set is_supporter = $2::boolean where id = $1::uuid)sql"};

constexpr pg::Statement delete_account{"delete_account", R"sql(
  delete from account where id = $1::uuid)sql"};

constexpr pg::Statement update_branch{"update_branch", R"sql(
  update blog set branch = $2::text where id = $1::uuid)sql"};

constexpr pg::Statement update_moved_repository{"update_moved_repository", R"sql(
  update repository r
     set url = $2::text,
         github_id = coalesce($3::bigint, r.github_id),
         frozen_reason = null,
         claim = null,
         claimed_at = null,
         updated_at = clock_timestamp()
    from blog b
   where b.id = $1::uuid and r.id = b.repository_id)sql"};

constexpr pg::Statement lock_removable{"lock_removable_blog", R"sql(
  select b.is_connected,
         exists (select from operation o
                  where o.resource_id = b.resource_id
                    and o.state in ('received', 'verified', 'scheduled', 'processing', 'held'))
           as has_open
    from blog b
   where b.id = $1::uuid
     for update)sql"};

// Posts and assets refer to each other by keys that go with them; what only refers to the blog goes
// first. Uploads go with their operations.
constexpr pg::Statement delete_blog{"delete_blog", R"sql(
  with gone_hooks as (
    delete from operation o using blog_hook h where h.blog_id = $1::uuid and o.id = h.operation_id),
  gone_uploads as (
    delete from operation o using upload u where u.blog_id = $1::uuid and o.id = u.operation_id)
  select 1)sql"};

constexpr pg::Statement delete_file_errors_of_blog{"delete_file_errors_of_blog", R"sql(
  delete from file_error where blog_id = $1::uuid)sql"};
constexpr pg::Statement delete_revisions_of_blog{"delete_revisions_of_blog", R"sql(
  delete from revision where blog_id = $1::uuid)sql"};
constexpr pg::Statement delete_redirects_of_blog{"delete_redirects_of_blog", R"sql(
  delete from redirect where blog_id = $1::uuid)sql"};
constexpr pg::Statement delete_posts_of_blog{"delete_posts_of_blog", R"sql(
  delete from post where blog_id = $1::uuid)sql"};
constexpr pg::Statement delete_assets_of_blog{"delete_assets_of_blog", R"sql(
  delete from blog_asset where blog_id = $1::uuid)sql"};
// A blog that is connected to the repository later begins anew, with the same commit.
constexpr pg::Statement forget_completed{"forget_completed", R"sql(
  update resource s
     set newest_operation_id = null, newest_event_at = null, newest_outbound_id = null,
         completed_operation_id = null, completed_event_at = null, completed_event_by = null,
         completed_revision = null, completed_variant = null
    from blog b
   where b.id = $1::uuid and s.id = b.resource_id
     and not exists (select from blog other where other.resource_id = s.id and other.id <> b.id))sql"};
constexpr pg::Statement delete_blog_row{"delete_blog_row", R"sql(
  delete from blog where id = $1::uuid)sql"};

constexpr const char* foreign_key_violation = "23503";
constexpr const char* unique_violation = "23505";

}  // namespace

void set_supporter(pg::Connection& connection, const Account& account, bool is_supporter) {
  if (!is_supporter && account.blogs > 1)
    throw Error(ErrorKind::conflict,
                "unable to make '" + account.username + "' no supporter: it has " +
                    std::to_string(account.blogs) + " blogs",
                "Disconnect all but one of them first.", "blog_limit");
  connection.execute(update_supporter, pg::Params(account.id.text(), is_supporter));
}

void remove_account(pg::Connection& connection, const Account& account) {
  try {
    connection.execute(delete_account, pg::Params(account.id.text()));
  } catch (const Error& error) {
    if (error.code() != foreign_key_violation) throw;
    throw Error(ErrorKind::conflict,
                "unable to remove account '" + account.username + "': it has blogs or files",
                "Remove them first, with `devy-upload blog remove` and `devy-upload file delete`.",
                "account_in_use");
  }
}

void set_branch(pg::Connection& connection, const Blog& blog,
                const std::optional<std::string>& branch) {
  connection.execute(update_branch, pg::Params(blog.id.text(), branch));
}

void set_repository(pg::Connection& connection, const Blog& blog, const std::string& url,
                    const std::optional<std::int64_t>& github_id) {
  try {
    connection.execute(update_moved_repository, pg::Params(blog.id.text(), url, github_id));
  } catch (const Error& error) {
    if (error.code() != unique_violation) throw;
    throw Error(ErrorKind::conflict,
                "unable to change the repository of '" + blog.address() +
                    "': another repository has that id at GitHub",
                "See `devy-upload blog list`.", "repository_connected");
  }
}

void remove_blog(pg::Connection& connection, const Blog& blog) {
  const auto rows = connection.one(lock_removable, pg::Params(blog.id.text()));
  const auto unable = "unable to remove blog '" + blog.address() + "': ";
  if (rows[0].boolean("is_connected"))
    throw Error(ErrorKind::conflict, unable + "it is connected",
                "Disconnect it first: `devy-upload blog disconnect " + blog.address() + "`.");
  if (rows[0].boolean("has_open"))
    throw Error(ErrorKind::conflict, unable + "one of its operations has not ended",
                "Wait for it, or cancel it.");
  for (const auto* statement :
       {&delete_blog, &delete_file_errors_of_blog, &delete_revisions_of_blog,
        &delete_redirects_of_blog, &delete_posts_of_blog, &delete_assets_of_blog, &forget_completed,
        &delete_blog_row})
    connection.execute(*statement, pg::Params(blog.id.text()));
}

}  // namespace devy::publishing
