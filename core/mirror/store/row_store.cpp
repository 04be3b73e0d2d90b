#include "core/mirror/store/row_store.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement select_issues{"show_issues", R"sql(
  select i.number::text as key, coalesce(i.deleted_reason, i.state, '') as state,
         coalesce(i.title, '') as title, i.updated_at as changed_at, i.last_replicated_at, i.is_settled,
         to_jsonb(i) || jsonb_build_object(
           'labels', (select coalesce(jsonb_agg(l.label_name order by l.label_name), '[]')
                      from github.issue_label l
                      where l.repository_id = i.repository_id and l.number = i.number),
           'assignees', (select coalesce(jsonb_agg(coalesce(u.login, a.user_id::text) order by a.user_id), '[]')
                         from github.assignee a left join github."user" u on u.id = a.user_id
                         where a.repository_id = i.repository_id and a.number = i.number)) as document
  from github.issue i
  where i.repository_id = $1::bigint and i.number = coalesce($2::text::integer, i.number)
    and ($2::text is not null or (not i.is_pull_request and i.deleted_at is null))
  order by i.updated_at desc nulls last, i.number
  limit $3::integer)sql"};

constexpr pg::Statement select_pulls{"show_pull_requests", R"sql(
  select p.number::text as key,
         coalesce(p.deleted_reason, case when p.merged_at is not null then 'merged' else p.state end, '') as state,
         coalesce(p.title, '') as title, p.updated_at as changed_at, p.last_replicated_at, p.is_settled,
         to_jsonb(p) || jsonb_build_object(
           'labels', (select coalesce(jsonb_agg(l.label_name order by l.label_name), '[]')
                      from github.issue_label l
                      where l.repository_id = p.repository_id and l.number = p.number),
           'requested_reviewers',
             (select coalesce(jsonb_agg(coalesce(u.login, v.user_id::text) order by v.user_id), '[]')
              from github.requested_reviewer v left join github."user" u on u.id = v.user_id
              where v.pull_request_id = p.id)) as document
  from github.pull_request p
  where p.repository_id = $1::bigint and p.number = coalesce($2::text::integer, p.number)
    and ($2::text is not null or p.deleted_at is null)
  order by p.updated_at desc nulls last, p.number
  limit $3::integer)sql"};

constexpr pg::Statement select_labels{"show_labels", R"sql(
  select coalesce(name, id::text) as key, coalesce(deleted_reason, '') as state,
         coalesce(description, '') as title, null::timestamptz as changed_at, last_replicated_at,
         is_settled, to_jsonb(l) as document
  from github.label l
  where repository_id = $1::bigint and lower(name) = lower(coalesce($2::text, name))
    and ($2::text is not null or deleted_at is null)
  order by lower(name)
  limit $3::integer)sql"};

constexpr pg::Statement select_milestones{"show_milestones", R"sql(
  select number::text as key, coalesce(deleted_reason, state, '') as state,
         coalesce(title, '') as title, updated_at as changed_at, last_replicated_at, is_settled,
         to_jsonb(m) as document
  from github.milestone m
  where repository_id = $1::bigint and number = coalesce($2::text::integer, number)
    and ($2::text is not null or deleted_at is null)
  order by number
  limit $3::integer)sql"};

constexpr pg::Statement select_hooks{"show_hooks", R"sql(
  select id::text as key, coalesce(deleted_reason, case when active then 'active' else 'off' end) as state,
         coalesce(config ->> 'url', '') as title, updated_at as changed_at, last_replicated_at,
         is_settled, to_jsonb(h) as document
  from github.repository_hook h
  where repository_id = $1::bigint and id = coalesce($2::text::bigint, id)
    and ($2::text is not null or deleted_at is null)
  order by id
  limit $3::integer)sql"};

constexpr pg::Statement select_files{"show_files", R"sql(
  select f.filename as key, coalesce(f.status, '') as state,
         coalesce('+' || f.additions || ' -' || f.deletions, '') as title,
         null::timestamptz as changed_at, f.last_replicated_at, f.is_settled,
         to_jsonb(f) as document
  from github.pull_request_file f
  join github.pull_request p on p.id = f.pull_request_id
  where p.repository_id = $1::bigint and p.number = coalesce($2::text::integer, p.number)
  order by p.number desc, f.position
  limit $3::integer)sql"};

const pg::Statement& statement_of(std::string_view what) {
  if (what == "issue") return select_issues;
  if (what == "pull") return select_pulls;
  if (what == "label") return select_labels;
  if (what == "milestone") return select_milestones;
  return what == "hook" ? select_hooks : select_files;
}

}  // namespace

std::vector<ShownRow> show_rows(pg::Connection& connection, std::int64_t repository_id,
                                std::string_view what, const std::optional<std::string>& key,
                                int limit) {
  std::vector<ShownRow> rows;
  for (const auto row : connection.query(statement_of(what), pg::Params(repository_id, key, limit)))
    rows.push_back({.key = row.text("key"),
                    .state = row.text("state"),
                    .title = row.text("title"),
                    .changed_at = row.maybe_time("changed_at"),
                    .replicated_at = row.maybe_time("last_replicated_at"),
                    .is_settled = row.boolean("is_settled"),
                    .document = json::Json::stored(row.text("document"))});
  return rows;
}

}  // namespace devy::mirror
