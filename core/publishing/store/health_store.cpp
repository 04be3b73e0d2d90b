#include "core/publishing/store/health_store.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement measure_unsent{"measure_unsent", R"sql(
  select (select count(*) from commit_status where sent < wanted) as unsent,
         coalesce((select extract(epoch from clock_timestamp() - min(greatest(o.created_at, o.waiting_since)))::float8
                     from commit_status s join operation o on o.id = s.operation_id
                    where s.sent < s.wanted), 0) as oldest_seconds)sql"};

constexpr pg::Statement select_completed_uploads{"select_completed_uploads", R"sql(
  select case when not o.is_approved then
           extract(epoch from o.finished_at - o.waiting_since)::float8
         end as visible_seconds,
         coalesce(u.created, 0) as created, coalesce(u.updated, 0) as updated,
         coalesce(u.renamed, 0) as renamed, coalesce(u.deleted, 0) as deleted
    from operation o
    join upload u on u.operation_id = o.id
   where o.state = 'completed'
     and o.finished_at > $1::timestamptz
     and o.finished_at <= $2::timestamptz)sql"};

constexpr pg::Statement select_blogs_of_operations{"select_blogs_of_operations", R"sql(
  select o.id, a.username || '/' || b.slug as blog
    from unnest($1::uuid[]) as n (id)
    join operation o on o.id = n.id
    left join upload u on u.operation_id = o.id
    left join blog_hook h on h.operation_id = o.id
    join blog b on b.id = coalesce(u.blog_id, h.blog_id)
    join account a on a.id = b.account_id)sql"};

}  // namespace

UnsentStatuses unsent_statuses(pg::Connection& connection) {
  const auto rows = connection.one(measure_unsent);
  return {rows[0].integer("unsent"), rows[0].real("oldest_seconds")};
}

std::vector<CompletedUpload> completed_uploads(pg::Connection& connection,
                                               const queue::FinishedSpan& span) {
  std::vector<CompletedUpload> completed;
  if (!span.from) return completed;
  for (const auto row :
       connection.query(select_completed_uploads, pg::Params(*span.from, span.to))) {
    CompletedUpload upload{.visible_seconds = std::nullopt,
                           .created = row.integer("created"),
                           .updated = row.integer("updated"),
                           .renamed = row.integer("renamed"),
                           .deleted = row.integer("deleted")};
    if (!row.is_null("visible_seconds")) upload.visible_seconds = row.real("visible_seconds");
    completed.push_back(upload);
  }
  return completed;
}

std::map<std::string, std::string> blogs_of_operations(pg::Connection& connection,
                                                       const std::vector<std::string>& operations) {
  std::map<std::string, std::string> blogs;
  for (const auto row : connection.query(select_blogs_of_operations, pg::Params(operations)))
    blogs.emplace(row.text("id"), row.text("blog"));
  return blogs;
}

}  // namespace devy::publishing
