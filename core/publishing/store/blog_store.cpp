#include "core/publishing/store/blog_store.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/closest_name.hpp"
#include "core/publishing/store/account_store.hpp"

namespace devy::publishing {
namespace {

using base::Error;
using base::ErrorKind;

Blog read_blog(const pg::Row& row) {
  Blog blog;
  blog.id = base::BlogId::trusted(row.text("id"));
  blog.username = row.text("username");
  blog.slug = row.text("slug");
  blog.repository_url = row.text("url");
  blog.github_id = row.maybe_integer("github_id");
  blog.branch = row.maybe_text("branch");
  blog.default_branch = row.maybe_text("default_branch");
  blog.is_connected = row.boolean("is_connected");
  blog.frozen_reason = row.maybe_text("frozen_reason");
  blog.name = row.maybe_text("name");
  blog.description = row.maybe_text("description");
  blog.head_commit = row.maybe_text("head_commit");
  blog.head_origin = row.maybe_text("head_origin");
  blog.pinned_commit = row.maybe_text("pinned_commit");
  blog.head_at = row.maybe_time("head_at");
  if (!row.is_null("paused_until"))
    blog.pause = queue::Pause{false, row.maybe_time("paused_at"), row.maybe_time("resumed_at"),
                              row.maybe_text("paused_reason").value_or("")};
  blog.created_at = row.time("created_at");
  blog.resource = row.integer("resource_id");
  blog.posts = static_cast<int>(row.integer("posts"));
  blog.file_errors = static_cast<int>(row.integer("file_errors"));
  if (const auto last = row.maybe_text("last_upload"))
    blog.last_upload = base::OperationId::trusted(*last);
  blog.last_upload_state = row.maybe_text("last_upload_state");
  return blog;
}

constexpr pg::Statement select_blogs{"select_blogs", R"sql(
  select b.id, a.username, b.slug, r.url, r.github_id, b.branch, r.default_branch, b.is_connected,
         r.frozen_reason,
         b.name, b.description, b.head_commit, b.head_origin, b.pinned_commit, b.head_at, b.created_at,
         b.resource_id,
         case when $5::boolean then (select count(*) from post p where p.blog_id = b.id) else 0 end
           as posts,
         case when $5::boolean then (select count(*) from file_error f where f.blog_id = b.id) else 0 end
           as file_errors,
         o.id as last_upload, o.state as last_upload_state,
         case when s.paused_until > clock_timestamp() then s.paused_until::text end as paused_until,
         nullif(s.paused_until, 'infinity') as resumed_at, s.paused_at, s.paused_reason
  from blog b
  join resource s on s.id = b.resource_id
  join account a on a.id = b.account_id
  join repository r on r.id = b.repository_id
  left join lateral (
    select o.id, o.state from operation o
    where o.resource_id = b.resource_id and o.direction = 'inbound'
    order by o.arrival desc limit 1) o on true
  where ($1::uuid is null or b.id = $1::uuid)
    and ($2::text is null or a.username = $2::text)
    and ($3::text is null or b.slug = $3::text)
    and ($4::boolean or b.is_connected)
    and ($6::text = '' or (a.username, b.slug) > ($6::text, $7::text))
  order by a.username, b.slug
  limit $8::integer)sql"};

constexpr pg::Statement call_blog_connect{"blog_connect", R"sql(
  select blog_connect(
    p_username => $1::text,
    p_slug => $2::text,
    p_url => $3::text,
    p_github_id => $4::bigint,
    p_branch => $5::text) as id)sql"};

constexpr pg::Statement call_blog_disconnect{"blog_disconnect", R"sql(
  select blog_disconnect(p_blog_id => $1::uuid))sql"};

constexpr pg::Statement update_repository_url{"update_repository_url", R"sql(
  update repository
  set url = $2::text, default_branch = coalesce($3::text, default_branch), updated_at = clock_timestamp()
  where id = $1::uuid
    and (url, default_branch) is distinct from ($2::text, coalesce($3::text, default_branch)))sql"};

constexpr pg::Statement update_pack_bytes{"update_pack_bytes", R"sql(
  update repository r set pack_bytes = $2::bigint
  from blog b where b.id = $1::uuid and r.id = b.repository_id)sql"};

constexpr pg::Statement repository_of_blog{"repository_of_blog", R"sql(
  select repository_id from blog where id = $1::uuid)sql"};

[[noreturn]] void throw_connect_error(const ConnectRequest& request, const Error& error) {
  const auto what = "unable to connect blog '" + request.username + "/" + request.slug + "': ";
  if (error.code() == "DV006")
    throw Error(ErrorKind::conflict,
                what + "'" + request.username + "' has a blog and is no supporter",
                "Disconnect the other blog first, or make the account a supporter with "
                "`devy-upload account set " +
                    request.username + " --supporter`.",
                "blog_limit");
  if (error.code() == "23505")
    throw Error(ErrorKind::conflict, what + "the repository has a blog already",
                "One repository is one blog; see `devy-upload blog list`.", "repository_connected");
  if (error.code() == "23514")
    throw Error(ErrorKind::usage, what + "the slug must be lower-case letters, digits and hyphens",
                "Choose another slug, at most 63 characters.", "slug_unsuitable");
  throw error;
}

}  // namespace

Blog connect_blog(pg::Connection& connection, const ConnectRequest& request) {
  const auto account = find_account(connection, request.username);
  std::optional<base::BlogId> id;
  try {
    const auto made = connection.maybe(
        call_blog_connect, pg::Params(account.username, request.slug, request.repository_url,
                                      request.github_id, request.branch));
    if (made) id = base::BlogId::trusted((*made)[0].text("id"));
  } catch (const Error& error) {
    throw_connect_error(request, error);
  }
  if (!id)
    throw Error(ErrorKind::conflict,
                "unable to connect blog '" + request.username + "/" + request.slug +
                    "': the address is taken",
                "See `devy-upload blog show " + request.username + "/" + request.slug + "`.",
                "blog_exists");
  return find_blog_by_id(connection, *id);
}

void disconnect_blog(pg::Connection& connection, const Blog& blog) {
  connection.execute(call_blog_disconnect, pg::Params(blog.id.text()));
}

namespace {

constexpr int suggested_blogs_max = 1'000;  // that are looked at for the nearest name

// "Did you mean `alice/notes`? ", or nothing.
std::string suggestion(pg::Connection& connection, const std::string& address) {
  std::vector<std::string> known;
  for (const auto& blog : page_of_blogs(connection, {.limit = suggested_blogs_max}))
    known.push_back(address.find('/') == std::string::npos ? blog.slug : blog.address());
  const auto near = base::closest_name(address, std::span<const std::string>(known));
  return near ? "Did you mean `" + std::string(*near) + "`? " : std::string();
}

}  // namespace

Blog find_blog(pg::Connection& connection, const std::string& name) {
  // Names of users and slugs of blogs have no capitals.
  auto address = name;
  for (auto& byte : address)
    byte = base::to_lower(byte);
  const auto slash = address.find('/');
  const auto username = slash == std::string::npos
                            ? std::nullopt
                            : std::optional<std::string>(address.substr(0, slash));
  const auto slug = slash == std::string::npos ? address : address.substr(slash + 1);
  const auto rows = connection.query(
      select_blogs, pg::Params(std::nullopt, username, slug, true, true, "", "", std::nullopt));
  if (rows.size() == 1) return read_blog(rows[0]);
  if (rows.empty())
    throw Error(ErrorKind::not_found, "unable to find blog '" + name + "'",
                suggestion(connection, address) + "List them with `devy-upload blog list`.",
                "blog_not_found");
  throw Error(ErrorKind::not_found, "unable to find blog '" + address + "': the slug is ambiguous",
              "Name it as username/slug.", "blog_ambiguous");
}

Blog find_blog_by_id(pg::Connection& connection, const base::BlogId& id, Counts counts) {
  return read_blog(
      connection.one(select_blogs, pg::Params(id.text(), std::nullopt, std::nullopt, true,
                                              counts == Counts::with, "", "", std::nullopt))[0]);
}

std::vector<Blog> list_blogs(pg::Connection& connection, bool with_disconnected) {
  std::vector<Blog> blogs;
  for (const auto row :
       connection.query(select_blogs, pg::Params(std::nullopt, std::nullopt, std::nullopt,
                                                 with_disconnected, true, "", "", std::nullopt)))
    blogs.push_back(read_blog(row));
  return blogs;
}

std::vector<Blog> page_of_blogs(pg::Connection& connection, const BlogListing& page) {
  const auto slash = std::min(page.after.find('/'), page.after.size());
  const auto slug = slash < page.after.size() ? page.after.substr(slash + 1) : std::string();
  std::vector<Blog> blogs;
  for (const auto row : connection.query(
           select_blogs, pg::Params(std::nullopt, page.username, std::nullopt, true, true,
                                    page.after.substr(0, slash), slug, page.limit)))
    blogs.push_back(read_blog(row));
  return blogs;
}

void update_repository(pg::Connection& connection, const Blog& blog, const std::string& url,
                       const std::optional<std::string>& default_branch) {
  const auto repository =
      connection.one(repository_of_blog, pg::Params(blog.id.text()))[0].text("repository_id");
  connection.execute(update_repository_url, pg::Params(repository, url, default_branch));
}

void note_pack_bytes(pg::Connection& connection, const base::BlogId& blog, std::int64_t bytes) {
  connection.execute(update_pack_bytes, pg::Params(blog.text(), bytes));
}

}  // namespace devy::publishing
