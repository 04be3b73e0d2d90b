#include "core/publishing/store/head_store.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement update_head{"update_head", R"sql(
  update blog
  set head_commit = $2::text, head_origin = $3::text, head_operation_id = $4::uuid,
      head_at = clock_timestamp(), name = $5::text, description = $6::text, settings = $7::jsonb,
      pinned_commit = case when $8::boolean then $2::text end, link_digest = $9::text
  where id = $1::uuid)sql"};

constexpr pg::Statement select_head{"select_head", R"sql(
  select b.head_commit, b.head_origin, b.pinned_commit, b.link_digest, b.head_at, b.settings, r.pack_bytes,
         k.gone_since is not null as was_gone, k.skipped_tip, u.committed_at
  from blog b
  join repository r on r.id = b.repository_id
  join reconcile_schedule k on k.blog_id = b.id
  left join upload u on u.operation_id = b.head_operation_id and u.commit = b.head_commit
  where b.id = $1::uuid)sql"};

constexpr pg::Statement count_head{"count_head", R"sql(
  select (select count(*) from post p where p.blog_id = $1::uuid and not exists (
            select from file_error f where f.blog_id = p.blog_id and f.path = p.path)) as posts,
         (select count(*) from file_error f where f.blog_id = $1::uuid) as file_errors)sql"};

}  // namespace

void move_head(pg::Connection& connection, const PublishTarget& target, const HeadUpdate& update) {
  connection.push(update_head,
                  pg::Params(target.blog.text(), target.commit, target.origin, target.upload.text(),
                             update.name, update.description, update.settings_json,
                             target.is_pinned, update.link_digest));
}

HeadState head_state(pg::Connection& connection, const base::BlogId& blog) {
  const auto rows = connection.one(select_head, pg::Params(blog.text()));
  const auto row = rows[0];
  return {row.maybe_text("head_commit"),   row.maybe_text("head_origin"),
          row.maybe_text("pinned_commit"), row.maybe_text("link_digest"),
          row.maybe_time("head_at"),       row.text("settings"),
          row.maybe_integer("pack_bytes"), row.boolean("was_gone"),
          row.maybe_time("committed_at"),  row.maybe_text("skipped_tip")};
}

HeadCounts head_counts(pg::Connection& connection, const base::BlogId& blog) {
  const auto rows = connection.one(count_head, pg::Params(blog.text()));
  return {rows[0].integer("posts"), rows[0].integer("file_errors")};
}

}  // namespace devy::publishing
