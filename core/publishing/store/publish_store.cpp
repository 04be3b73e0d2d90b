#include "core/publishing/store/publish_store.hpp"

#include <algorithm>

#include "core/platform/base/time_text.hpp"
#include "core/publishing/store/link_json.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement select_known_posts{"select_known_posts", R"sql(
  select p.id, p.path, p.slug, p.blob, p.file_bytes, p.origin, p.links is not null as has_links,
         p.slug_basis, nullif(p.aliases, '{}') as aliases, p.date_source, f.blob as failed_blob
  from post p
  left join file_error f on f.blog_id = p.blog_id and f.path = p.path
  where p.blog_id = $1::uuid)sql"};

constexpr pg::Statement select_post_texts{"select_post_texts", R"sql(
  select path, markdown from post where blog_id = $1::uuid and path = any ($2::text[]))sql"};

constexpr pg::Statement delete_posts_statement{"delete_posts", R"sql(
  with gone as (
    delete from post where blog_id = $1::uuid and id = any ($2::uuid[])
    returning id, version, path, slug, title, blob)
  insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit, operation_id)
  select id, version + 1, $1::uuid, 'deleted', path, slug, title, blob, $3::text, $4::uuid from gone)sql"};

constexpr pg::Statement relocate_post_statement{"relocate_post", R"sql(
  with moved as (
    update post set path = $3::text, version = version + 1, updated_at = clock_timestamp()
    where blog_id = $1::uuid and id = $2::uuid
    returning id, version, slug, title, blob)
  insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit, operation_id)
  select id, version, $1::uuid, 'renamed', $3::text, slug, title, blob, $4::text, $5::uuid
  from moved)sql"};

// A time of the future is the fault of somebody's clock: nobody meant to publish later.
constexpr pg::Statement redate_post_statement{"redate_post", R"sql(
  with changed as (
    update post
    set published_at = least($3::timestamptz, now()), published_on = null, date_source = 'history',
        version = version + 1, updated_at = clock_timestamp()
    where blog_id = $1::uuid and id = $2::uuid
    returning id, version, path, slug, title, blob)
  insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit, operation_id)
  select id, version, $1::uuid, 'updated', path, slug, title, blob, $4::text, $5::uuid
  from changed)sql"};

constexpr pg::Statement settle_dates_statement{"settle_dates", R"sql(
  update post set date_source = 'commit' where blog_id = $1::uuid and date_source = 'pending')sql"};

constexpr pg::Statement insert_post{"insert_post", R"sql(
  with made as (
    insert into post (
      id, blog_id, path, slug, title, summary, tags, authors, published_at, revised_at, expires_at,
      is_draft, cover, canonical, lang, front_matter, toc, markdown, html, blob, commit, origin,
      published_on, revised_on, word_count, preview_token, links, file_bytes, title_id,
      slug_basis, aliases, anchors, date_source, digest)
    values (
      $1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text[], $8::text[],
      coalesce($9::timestamptz, least(coalesce($36::timestamptz, $10::timestamptz), now())), $11::timestamptz, $12::timestamptz, $13::boolean,
      $14::text, $15::text, $16::text, $17::jsonb, $18::jsonb, $19::text, $20::text, $21::text,
      $22::text, $23::text, $26::date, $27::date, $28::integer,
      case when $13::boolean or $9::timestamptz > now() or $12::timestamptz is not null then $29::text end,
      $30::jsonb,
      $31::bigint, $32::text, $33::text, $34::text[], $35::text[],
      case when $9::timestamptz is not null then 'written'
           when $36::timestamptz is not null then 'history' else $37::text end,
      post_digest($20::text, $19::text, $6::text, $7::text[], $13::boolean, $12::timestamptz, $14::text))
    returning id)
  insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit, operation_id)
  select id, 1, $2::uuid, $25::text, $3::text, $4::text, $5::text, $21::text, $22::text, $24::uuid
  from made)sql"};

constexpr pg::Statement update_post{"update_post", R"sql(
  with changed as (
    update post
    set path = $3::text, slug = $4::text, title = $5::text, summary = $6::text, tags = $7::text[],
        authors = $8::text[],
        published_at = case when $9::timestamptz is not null then $9::timestamptz
                            when $36::timestamptz is not null then least($36::timestamptz, now())
                            else coalesce(published_at, $10::timestamptz) end,
        revised_at = $11::timestamptz, expires_at = $12::timestamptz, is_draft = $13::boolean,
        cover = $14::text, canonical = $15::text, lang = $16::text, front_matter = $17::jsonb,
        toc = $18::jsonb, markdown = $19::text, html = $20::text, blob = $21::text, commit = $22::text,
        origin = $23::text, version = version + 1, updated_at = clock_timestamp(),
        published_on = case when $9::timestamptz is not null then $26::date
                            when $36::timestamptz is null then published_on end,
        date_source = case when $9::timestamptz is not null then 'written'
                           when $36::timestamptz is not null or date_source = 'history' then 'history'
                           else $37::text end,
        revised_on = $27::date, word_count = $28::integer, links = $30::jsonb,
        file_bytes = $31::bigint, title_id = $32::text, slug_basis = $33::text,
        aliases = $34::text[], anchors = $35::text[],
        digest = post_digest($20::text, $19::text, $6::text, $7::text[], $13::boolean, $12::timestamptz, $14::text),
        preview_token = case when $13::boolean or $9::timestamptz > now() or $12::timestamptz is not null
                             then coalesce(preview_token, $29::text) end
    where id = $1::uuid and blog_id = $2::uuid
    returning id, version)
  insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit, operation_id)
  select id, version, $2::uuid, $25::text, $3::text, $4::text, $5::text, $21::text, $22::text, $24::uuid
  from changed)sql"};

constexpr pg::Statement clear_file_errors{"clear_file_errors", R"sql(
  delete from file_error where blog_id = $1::uuid)sql"};

constexpr pg::Statement insert_file_error{"insert_file_error", R"sql(
  insert into file_error (blog_id, path, blob, line, col, message, operation_id)
  values ($1::uuid, $2::text, $3::text, $4::integer, $5::integer, $6::text, $7::uuid))sql"};

std::optional<std::string> time_text(const std::optional<base::TimePoint>& time) {
  if (!time) return std::nullopt;
  return base::format_rfc3339(*time);
}

std::optional<std::string> time_text(const std::optional<post::WrittenDate>& date) {
  if (!date) return std::nullopt;
  return base::format_rfc3339(date->at);
}

std::optional<std::string> day_text(const std::optional<post::WrittenDate>& date) {
  if (!date || !date->day) return std::nullopt;
  return base::format_day(*date->day);
}

}  // namespace

std::vector<plan::KnownPost> known_posts(pg::Connection& connection, const base::BlogId& blog) {
  const auto rows = connection.query(select_known_posts, pg::Params(blog.text()));
  std::vector<plan::KnownPost> posts;
  posts.reserve(static_cast<std::size_t>(rows.size()));
  for (const auto row : rows) {
    const auto blob = snapshot::BlobId::parse(row.view("blob"));
    posts.push_back({base::PostId::trusted(row.text("id")), row.text("path"), row.text("slug"),
                     blob.value_or(snapshot::BlobId{}), row.text("origin"),
                     snapshot::BlobId::parse(row.view("failed_blob")), row.boolean("has_links"),
                     static_cast<std::uint64_t>(row.integer("file_bytes")),
                     row.maybe_text("slug_basis"),
                     row.is_null("aliases") ? std::vector<std::string>() : row.texts("aliases"),
                     plan::parse_date_source(row.view("date_source"))});
  }
  return posts;
}

std::vector<PostText> post_texts(pg::Connection& connection, const base::BlogId& blog,
                                 const std::vector<std::string>& paths) {
  std::vector<PostText> texts;
  for (const auto row : connection.query(select_post_texts, pg::Params(blog.text(), paths)))
    texts.push_back({row.text("path"), row.text("markdown")});
  return texts;
}

void delete_posts(pg::Connection& connection, const PublishTarget& target,
                  const std::vector<base::PostId>& posts) {
  if (posts.empty()) return;
  std::vector<std::string> ids;
  ids.reserve(posts.size());
  for (const auto& post : posts)
    ids.push_back(post.text());
  connection.push(delete_posts_statement,
                  pg::Params(target.blog.text(), ids, target.commit, target.upload.text()));
}

void relocate_post(pg::Connection& connection, const PublishTarget& target,
                   const plan::Relocation& relocation) {
  connection.push(relocate_post_statement,
                  pg::Params(target.blog.text(), relocation.post.text(), relocation.path,
                             target.commit, target.upload.text()));
}

void write_post(pg::Connection& connection, const PublishTarget& target, const plan::Write& write,
                const PostKeys& keys, const post::Document& document,
                const plan::PostLinks& links) {
  connection.push(
      write.post ? update_post : insert_post,
      pg::Params(keys.id.text(), target.blog.text(), write.path, write.slug, document.title,
                 document.summary, document.tags, document.authors, time_text(document.date),
                 base::format_rfc3339(target.committed_at), time_text(document.updated),
                 time_text(document.expires), document.is_draft, document.cover, document.canonical,
                 document.lang, document.front_matter_json, document.toc_json, document.markdown,
                 document.html, write.blob.hex(), target.commit, target.origin,
                 target.upload.text(), snapshot::to_string(write.kind), day_text(document.date),
                 day_text(document.updated), document.word_count, keys.preview_token,
                 to_json(links), static_cast<std::int64_t>(write.file_bytes), document.title_id,
                 write.slug_basis, write.aliases, document.anchors, time_text(keys.first_commit_at),
                 plan::to_string(keys.undated)));
}

void redate_post(pg::Connection& connection, const PublishTarget& target, const base::PostId& post,
                 base::TimePoint first_commit_at) {
  connection.push(redate_post_statement,
                  pg::Params(target.blog.text(), post.text(), base::format_rfc3339(first_commit_at),
                             target.commit, target.upload.text()));
}

void settle_dates(pg::Connection& connection, const PublishTarget& target) {
  connection.push(settle_dates_statement, pg::Params(target.blog.text()));
}

void write_file_errors(pg::Connection& connection, const PublishTarget& target,
                       const std::vector<plan::FileProblem>& problems) {
  connection.push(clear_file_errors, pg::Params(target.blog.text()));
  for (const auto& problem : problems)
    connection.push(
        insert_file_error,
        pg::Params(target.blog.text(), problem.error.path, problem.blob.hex(), problem.error.line,
                   problem.error.column, problem.error.message, target.upload.text()));
}

}  // namespace devy::publishing
