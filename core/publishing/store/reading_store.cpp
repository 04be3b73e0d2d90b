#include "core/publishing/store/reading_store.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/publishing/store/readable_row.hpp"

// Each row of a statement has the blog's columns: a page is one statement, and so of one moment. A
// blog without posts has one row whose post is null.

namespace devy::publishing {
namespace {

constexpr pg::Statement select_readable_blog{"select_readable_blog", R"sql(
  select * from readable_blog($1::text, $2::text, coalesce($3::timestamptz, now())))sql",
                                             true};

constexpr pg::Statement select_blog_page{"select_blog_page", R"sql(
  with state as materialized (
    select * from readable_blog($1::text, $2::text, coalesce($3::timestamptz, now())))
  select s.*, c.posts, t.tags, t.tag_posts
  from state s
  cross join lateral (
    select count(*) as posts from post p
    where p.blog_id = s.blog_id and is_post_visible(p.is_draft, p.published_at, p.expires_at, s.at)) c
  cross join lateral (
    select coalesce(array_agg(n.tag order by n.posts desc, n.tag collate "C"), '{}') as tags,
           coalesce(array_agg(n.posts::text order by n.posts desc, n.tag collate "C"), '{}') as tag_posts
    from (select u.tag, count(distinct p.id) as posts
            from post p cross join lateral unnest(p.tags) u (tag)
           where p.blog_id = s.blog_id and is_post_visible(p.is_draft, p.published_at, p.expires_at, s.at)
           group by u.tag
           order by 2 desc, u.tag collate "C"
           limit $4::integer) n) t)sql",
                                         true};

constexpr pg::Statement select_post_list{"select_post_list", R"sql(
  with state as materialized (
    select blog_id, is_connected, head_commit, head_origin, head_at, at, changes_at
    from readable_blog($1::text, $2::text, coalesce($3::timestamptz, now())))
  select s.*, p.*
  from state s
  left join lateral (
    select p.id, p.slug, p.title, p.summary, p.tags, p.authors, p.published_at, p.published_on,
           p.revised_at, p.revised_on, p.cover, p.lang, p.word_count, p.list_order
    from post p
    where p.blog_id = s.blog_id and not p.is_draft
      and is_post_visible(p.is_draft, p.published_at, p.expires_at, s.at)
      and p.list_order > coalesce(post_order($4::timestamptz, $5::text), '')
      and ($6::text is null or $6::text = any (p.tags))
      and ($7::text is null or $7::text = any (p.authors))
      and ($8::text is null or lower(p.lang) = lower($8::text))
    order by p.list_order
    limit $9::integer) p on s.is_connected
  order by p.list_order)sql",
                                         true};

// The post, or else an old address: as it was asked for, then in the form of slugs.
constexpr pg::Statement select_post_page{"select_post_page", R"sql(
  with state as materialized (
    select blog_id, is_connected, head_commit, head_origin, head_at, at, changes_at
    from readable_blog($1::text, $2::text, coalesce($3::timestamptz, now())))
  select s.*, p.*, older.slug as older_slug, older.title as older_title,
         newer.slug as newer_slug, newer.title as newer_title
  from state s
  left join lateral (
    select p.id, p.slug, p.title, p.summary, p.tags, p.authors, p.published_at, p.published_on,
           p.revised_at, p.revised_on, p.cover, p.lang, p.word_count, p.canonical, v.is_visible,
           case when p.slug = $4::text and not $7::boolean then p.html end as html,
           case when p.slug = $4::text and not $7::boolean then p.toc end as toc,
           case when p.slug = $4::text and not $7::boolean then p.front_matter end as front_matter,
           case when p.slug = $4::text and $7::boolean then p.markdown end as markdown,
           p.title_id, p.list_order,
           p.slug = $4::text and not $7::boolean as is_page
    from post p
    cross join lateral (
      select is_post_visible(p.is_draft, p.published_at, p.expires_at, s.at) as is_visible) v
    where p.id = coalesce(
            (select o.id from post o where o.blog_id = s.blog_id and o.slug = $4::text),
            (select r.post_id from redirect r where r.blog_id = s.blog_id and r.slug = $4::text),
            (select o.id from post o where o.blog_id = s.blog_id and o.slug = $5::text),
            (select r.post_id from redirect r where r.blog_id = s.blog_id and r.slug = $5::text))
      and (v.is_visible or p.preview_token = $6::text)) p on s.is_connected
  left join lateral (
    select n.slug, n.title from post n
    where n.blog_id = s.blog_id and not n.is_draft
      and is_post_visible(n.is_draft, n.published_at, n.expires_at, s.at)
      and n.list_order > p.list_order
    order by n.list_order
    limit 1) older on p.is_page
  left join lateral (
    select n.slug, n.title from post n
    where n.blog_id = s.blog_id and not n.is_draft
      and is_post_visible(n.is_draft, n.published_at, n.expires_at, s.at)
      and n.list_order < p.list_order
    order by n.list_order desc
    limit 1) newer on p.is_page)sql",
                                         true};

// A post whose HTML would be too much for the feed, with those before it, comes without.
constexpr pg::Statement select_feed_page{"select_feed_page", R"sql(
  with state as materialized (
    select * from readable_blog($1::text, $2::text, coalesce($3::timestamptz, now()))),
  newest as materialized (
    select p.id, octet_length(p.html) as bytes, row_number() over (order by p.list_order) as place
    from state s
    cross join lateral (
      select p.id, p.html, p.list_order from post p
      where p.blog_id = s.blog_id and not p.is_draft
        and is_post_visible(p.is_draft, p.published_at, p.expires_at, s.at)
      order by p.list_order
      limit $4::integer) p
    where s.is_connected)
  select s.blog_id, s.is_connected, s.head_commit, s.head_origin, s.head_at, s.changes_at, s.created_at,
         case when n.place > 1 then null else s.name end as name,
         case when n.place > 1 then null else s.description end as description,
         p.id, p.slug, p.title, p.summary, p.tags, p.authors, p.published_at, p.published_on,
         p.revised_at, p.revised_on, p.cover, p.lang, p.word_count,
         case when n.bytes <= $5::bigint
               and (select sum(m.bytes) from newest m where m.place <= n.place and m.bytes <= $5::bigint) <= $5::bigint
              then p.html end as html
  from state s
  left join newest n on true
  left join post p on p.id = n.id
  order by n.place)sql",
                                         true};

// There may be tens of thousands of posts, so the blog has a row of its own, the first.
constexpr pg::Statement select_sitemap_page{"select_sitemap_page", R"sql(
  with state as materialized (
    select blog_id, is_connected, head_commit, head_origin, head_at, at, changes_at
    from readable_blog($1::text, $2::text, coalesce($3::timestamptz, now())))
  select s.*, (select b.settings ->> 'timezone' from blog b where b.id = s.blog_id) as timezone,
         null as slug, null::timestamptz as changed_at, null::date as changed_on, '' as list_order
  from state s
  union all
  select null, null, null, null, null, null, null, null, p.slug, p.changed_at, p.changed_on, p.list_order
  from state s
  cross join lateral (
    select p.slug, coalesce(p.revised_at, p.published_at) as changed_at,
           case when p.revised_at is null then p.published_on else p.revised_on end as changed_on,
           p.list_order
    from post p
    where p.blog_id = s.blog_id and not p.is_draft
      and is_post_visible(p.is_draft, p.published_at, p.expires_at, s.at)
    order by p.list_order
    limit $4::integer) p
  where s.is_connected
  order by list_order)sql",
                                            true};

pg::Params key_params(const BlogKey& key) {
  pg::Params params(key.username, key.slug);
  if (key.now) params.add(base::format_rfc3339(*key.now));
  else params.add(std::nullopt);
  return params;
}

template <class Post, class Read>
std::vector<Post> posts_of(const pg::Result& rows, const Read& read) {
  std::vector<Post> posts;
  posts.reserve(static_cast<std::size_t>(rows.size()));
  for (const auto row : rows)
    if (!row.is_null("slug")) posts.push_back(read(row));
  return posts;
}

std::optional<Neighbour> neighbour_of(const pg::Row& row, const char* slug, const char* title) {
  if (row.is_null(slug)) return std::nullopt;
  return Neighbour{row.text(slug), row.text(title)};
}

}  // namespace

std::optional<ReadableBlog> find_readable_blog(pg::Connection& connection, const BlogKey& key) {
  const auto rows = connection.maybe(select_readable_blog, key_params(key));
  if (!rows) return std::nullopt;
  return readable_blog((*rows)[0], key);
}

std::optional<BlogPage> read_blog_page(pg::Connection& connection, const BlogKey& key) {
  const auto rows = connection.maybe(select_blog_page, key_params(key).add(tags_max));
  if (!rows) return std::nullopt;
  const auto row = (*rows)[0];
  BlogPage page;
  page.blog = readable_blog(row, key);
  page.name = row.maybe_text("name");
  page.description = row.maybe_text("description");
  page.posts = row.integer("posts");
  page.tags = row.texts("tags");
  for (const auto& count : row.texts("tag_posts"))
    page.tag_posts.push_back(std::stoll(count));
  return page;
}

std::optional<PostList> read_post_list(pg::Connection& connection, const BlogKey& key,
                                       const PostFilter& filter) {
  auto params = key_params(key);
  const auto& before = filter.before;
  params.add(before ? std::optional(base::format_rfc3339(before->published_at)) : std::nullopt);
  params.add(before ? std::optional(before->slug) : std::nullopt);
  params.add(filter.tag).add(filter.author).add(filter.lang);
  // One more tells whether there are more.
  const auto rows = connection.query(select_post_list, params.add(filter.limit + 1));
  if (rows.empty()) return std::nullopt;
  PostList list;
  list.blog = readable_blog(rows[0], key);
  list.posts = posts_of<ReadablePost>(rows, readable_post);
  list.has_more = list.posts.size() > static_cast<std::size_t>(filter.limit);
  if (list.has_more) list.posts.pop_back();
  return list;
}

std::optional<PostPage> read_post_page(pg::Connection& connection, const BlogKey& key,
                                       const PostKey& post) {
  auto params = key_params(key);
  params.add(post.slug).add(post.normal_slug).add(post.preview);
  params.add(post.form == PostForm::markdown);
  const auto rows = connection.maybe(select_post_page, params);
  if (!rows) return std::nullopt;
  const auto row = (*rows)[0];
  PostPage page;
  page.blog = readable_blog(row, key);
  if (row.is_null("slug")) return page;
  page.found = FoundPost{readable_post(row),
                         row.boolean("is_visible"),
                         row.maybe_text("canonical"),
                         row.text("html"),
                         row.text("markdown"),
                         row.text("front_matter"),
                         row.text("toc"),
                         row.text("title_id"),
                         neighbour_of(row, "older_slug", "older_title"),
                         neighbour_of(row, "newer_slug", "newer_title")};
  return page;
}

std::optional<FeedPage> read_feed_page(pg::Connection& connection, const BlogKey& key,
                                       const FeedLimits& limits) {
  const auto rows = connection.query(
      select_feed_page, key_params(key).add(limits.posts_max).add(limits.html_bytes_max));
  if (rows.empty()) return std::nullopt;
  FeedPage page;
  page.blog = readable_blog(rows[0], key);
  page.name = rows[0].maybe_text("name");
  page.description = rows[0].maybe_text("description");
  page.created_at = rows[0].time("created_at");
  page.posts = posts_of<FeedPost>(rows, [](const pg::Row& row) {
    return FeedPost{readable_post(row), row.text("html")};
  });
  return page;
}

std::optional<SitemapPage> read_sitemap_page(pg::Connection& connection, const BlogKey& key,
                                             int posts_max) {
  const auto rows = connection.query(select_sitemap_page, key_params(key).add(posts_max));
  if (rows.empty()) return std::nullopt;
  SitemapPage page;
  page.blog = readable_blog(rows[0], key);
  page.timezone = rows[0].maybe_text("timezone");
  page.posts = posts_of<SitemapPost>(rows, [](const pg::Row& row) {
    return SitemapPost{row.text("slug"), row.time("changed_at"),
                       base::parse_day(row.view("changed_on"))};
  });
  return page;
}

}  // namespace devy::publishing
