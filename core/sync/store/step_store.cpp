#include "core/sync/store/step_store.hpp"

namespace devy::sync {
namespace {

constexpr pg::Statement select_step{"select_connection_step", R"sql(
  select c.id, c.project_id, c.state, c.repository_id, coalesce(r.full_name, c.name, '') as repository,
         r.installation, r.id is not null as is_known, r.deleted_at is not null as is_ended,
         coalesce(r.is_mirrored, false) as is_mirrored, coalesce(r.archived, false) as is_archived,
         coalesce(r.has_issues, true) as has_issues, coalesce(c.cursor::text, '') as cursor, c.export,
         c.is_export_approved, coalesce(c.verify_at <= clock_timestamp(), false) as is_verify_due,
         coalesce(c.approved_at > clock_timestamp() - interval '1 hour', false) as is_approved,
         c.done, c.connected_by, a.github_id,
         coalesce((select u.login from github."user" u where u.id = a.github_id), a.username, '') as login
    from project_repository c
    left join github.repository r on r.id = c.repository_id
    left join account a on a.id = c.connected_by
   where c.resource_id = $1::bigint)sql"};

constexpr pg::Statement call_step{"connection_step", R"sql(
  select connection_step($1::uuid, $2::text, $3::text, $4::jsonb, $5::integer, $6::integer)
    as is_moved)sql"};

constexpr pg::Statement call_block{"connection_block", R"sql(
  select connection_block($1::uuid, $2::text))sql"};

constexpr pg::Statement call_switch{"connection_switch", R"sql(
  select connection_switch($1::uuid, $2::boolean, $3::integer) as switched)sql"};

constexpr pg::Statement select_may_push{"select_may_push", R"sql(
  select coalesce(can_push, false) as can_push
    from github.user_repository
   where user_id = $1::bigint and repository_id = $2::bigint and deleted_at is null
     and last_replicated_via_api_at > clock_timestamp() - make_interval(secs => $3::float8))sql"};

constexpr pg::Statement select_obstacle{"select_installation_obstacle", R"sql(
  select case when state = 'suspended' then 'installation_suspended'
              when state = 'deleted' then 'installation_removed'
              when permissions <> '{}' and permissions ->> 'issues' is distinct from 'write'
                then 'permission_missing'
              else '' end as obstacle
    from installation where id = $1::bigint)sql"};

constexpr pg::Statement select_totals{"select_step_totals", R"sql(
  select (select count(*) from github.issue
           where repository_id = $1::bigint and deleted_at is null) as issues,
         (select count(*) from github.issue_comment
           where repository_id = $1::bigint and deleted_at is null) as comments)sql"};

constexpr pg::Statement call_export{"connection_export", R"sql(
  select count(sync_outbound_record(t.id, 160::smallint, 'reconcile', null)) as exported
    from connection_export($1::uuid, $2::integer) as t (id))sql"};

constexpr pg::Statement count_export{"count_exportable", R"sql(
  select count(*) as exportable from connection_exportable($1::uuid, $2::integer))sql"};

constexpr pg::Statement call_issue_links{"connection_issue_links", R"sql(
  select o_key, coalesce(o_link::text, '') as link
    from connection_issue_links($1::uuid, $2::bigint, $3::integer))sql"};

constexpr pg::Statement call_comment_links{"connection_comment_links", R"sql(
  select o_number, o_key, coalesce(o_link::text, '') as link
    from connection_comment_links($1::uuid, $2::bigint, $3::bigint, $4::integer))sql"};

constexpr pg::Statement call_send_owed{"connection_send_owed", R"sql(
  select connection_send_owed($1::uuid, $2::uuid, $3::integer) as last)sql"};

constexpr pg::Statement update_verified{"plan_connection_verification", R"sql(
  update project_repository
     set verified_at = case when $3::boolean then clock_timestamp() else verified_at end,
         verify_at = clock_timestamp() + make_interval(secs => nullif($2::float8, 0))
   where id = $1::uuid)sql"};

}  // namespace

std::optional<ConnectionStep> load_step(pg::Connection& connection, queue::ResourceId resource) {
  const auto found = connection.maybe(select_step, pg::Params(resource));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  ConnectionStep step;
  step.id = row.text("id");
  step.project_id = row.text("project_id");
  step.state = row.text("state");
  step.repository_id = row.integer("repository_id");
  step.repository = row.text("repository");
  step.installation = row.maybe_integer("installation");
  step.is_known = row.boolean("is_known");
  step.is_ended = row.boolean("is_ended");
  step.is_mirrored = row.boolean("is_mirrored");
  step.is_archived = row.boolean("is_archived");
  step.has_issues = row.boolean("has_issues");
  step.cursor = row.text("cursor");
  step.export_mode = row.text("export");
  step.is_export_approved = row.boolean("is_export_approved");
  step.is_verify_due = row.boolean("is_verify_due");
  step.is_approved = row.boolean("is_approved");
  step.done = row.integer("done");
  step.connected_by = row.maybe_text("connected_by");
  step.github_user = row.maybe_integer("github_id");
  step.github_login = row.text("login");
  return step;
}

bool move_step(pg::Connection& connection, const std::string& id, const StepChange& change) {
  return connection
      .one(call_step,
           pg::Params(id, change.from, change.to, change.cursor, change.done, change.total))[0]
      .boolean("is_moved");
}

void block_connection(pg::Connection& connection, const std::string& id,
                      const std::string& reason) {
  connection.execute(call_block, pg::Params(id, reason));
}

std::int64_t switch_records(pg::Connection& connection, const std::string& id, bool is_enabled,
                            int limit) {
  return connection.one(call_switch, pg::Params(id, is_enabled, limit))[0].integer("switched");
}

std::optional<bool> may_push(pg::Connection& connection, std::int64_t github_user,
                             std::int64_t repository, base::Duration max_age) {
  const auto found = connection.maybe(
      select_may_push,
      pg::Params(github_user, repository,
                 std::chrono::duration_cast<std::chrono::seconds>(max_age).count()));
  if (!found) return std::nullopt;
  return (*found)[0].boolean("can_push");
}

std::string installation_obstacle(pg::Connection& connection, std::int64_t id) {
  const auto found = connection.maybe(select_obstacle, pg::Params(id));
  return found ? (*found)[0].text("obstacle") : std::string();
}

StepTotals count_rows(pg::Connection& connection, std::int64_t repository) {
  const auto rows = connection.one(select_totals, pg::Params(repository));
  return {rows[0].integer("issues"), rows[0].integer("comments")};
}

IssueBatch link_issues(pg::Connection& connection, const std::string& id, std::int64_t after,
                       int limit) {
  IssueBatch batch;
  for (const auto row : connection.query(call_issue_links, pg::Params(id, after, limit))) {
    ++batch.rows;
    batch.last = row.integer("o_key");
    if (auto link = row.text("link"); !link.empty()) batch.links.push_back(std::move(link));
  }
  return batch;
}

CommentBatch link_comments(pg::Connection& connection, const std::string& id,
                           const CommentPlace& after, int limit) {
  CommentBatch batch;
  for (const auto row :
       connection.query(call_comment_links, pg::Params(id, after.number, after.id, limit))) {
    ++batch.rows;
    batch.last = {row.integer("o_number"), row.integer("o_key")};
    if (auto link = row.text("link"); !link.empty()) batch.links.push_back(std::move(link));
  }
  return batch;
}

std::int64_t count_exportable(pg::Connection& connection, const std::string& id, int limit) {
  return connection.one(count_export, pg::Params(id, limit))[0].integer("exportable");
}

std::int64_t export_tasks(pg::Connection& connection, const std::string& id, int limit) {
  return connection.one(call_export, pg::Params(id, limit))[0].integer("exported");
}

std::optional<std::string> send_owed(pg::Connection& connection, const std::string& id,
                                     const std::optional<std::string>& after, int limit) {
  return connection.one(call_send_owed, pg::Params(id, after, limit))[0].maybe_text("last");
}

void plan_verification(pg::Connection& connection, const std::string& id, base::Duration every,
                       bool is_verified) {
  connection.execute(
      update_verified,
      pg::Params(id, std::chrono::duration_cast<std::chrono::seconds>(every).count(), is_verified));
}

}  // namespace devy::sync
