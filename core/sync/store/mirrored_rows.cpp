#include "core/sync/store/step_store.hpp"

namespace devy::sync {
namespace {

constexpr pg::Statement select_issues{"select_mirrored_issues", R"sql(
  select b.o_number, b.o_github_id, coalesce(b.o_updated_at::text, '') as updated_at,
         coalesce(b.o_created_at::text, '') as created_at,
         coalesce(b.o_closed_at::text, '') as closed_at, b.o_user_id, b.o_title, b.o_body, b.o_state,
         b.o_state_reason, b.o_labels, b.o_milestone, b.o_assignees, b.o_is_pull_request,
         b.o_is_merged, b.o_is_draft, b.o_is_locked, coalesce(b.o_link::text, '') as link,
         coalesce(k.base_digest, '') as base_digest,
         coalesce(k.owed > 0 or k.refused <> '{}' or k.intent is not null or k.gone_at is not null
                  or exists (select from operation o
                              where o.resource_id = k.resource_id and o.finished_at is null),
                  false) as is_under_way
    from connection_issues($1::uuid, $2::integer, $3::integer) b
    left join sync_link k on k.id = b.o_link
   order by b.o_number)sql"};

constexpr pg::Statement select_comments{"select_mirrored_comments", R"sql(
  select b.o_number, b.o_id, coalesce(b.o_updated_at::text, '') as updated_at,
         coalesce(b.o_created_at::text, '') as created_at, b.o_user_id, b.o_body,
         coalesce(b.o_task::text, '') as task, coalesce(b.o_link::text, '') as link,
         coalesce(k.base_digest, '') as base_digest,
         coalesce(k.owed > 0 or k.refused <> '{}' or k.intent is not null or k.gone_at is not null
                  or exists (select from operation o
                              where o.resource_id = k.resource_id and o.finished_at is null),
                  false) as is_under_way
    from connection_comments($1::uuid, $2::integer, $3::bigint, $4::integer) b
    left join sync_link k on k.id = b.o_link
   order by b.o_number, b.o_id)sql"};

std::set<std::int64_t> numbers(const std::vector<std::string>& texts) {
  std::set<std::int64_t> found;
  for (const auto& text : texts)
    found.insert(std::stoll(text));
  return found;
}

MirroredIssue read_issue(const pg::Row& row) {
  MirroredIssue issue;
  issue.number = row.integer("o_number");
  issue.github_id = row.integer("o_github_id");
  issue.updated_at = row.text("updated_at");
  issue.created_at = row.text("created_at");
  issue.closed_at = row.text("closed_at");
  issue.user_id = row.maybe_integer("o_user_id");
  issue.remote.title = row.text("o_title");
  issue.remote.body = row.text("o_body");
  issue.remote.is_closed = row.view("o_state") == "closed";
  issue.remote.state_reason = row.text("o_state_reason");
  const auto labels = row.texts("o_labels");
  issue.remote.labels = {labels.begin(), labels.end()};
  issue.remote.milestone = row.maybe_text("o_milestone");
  issue.remote.assignees = numbers(row.texts("o_assignees"));
  issue.is_pull_request = row.boolean("o_is_pull_request");
  issue.is_merged = row.boolean("o_is_merged");
  issue.is_draft = row.boolean("o_is_draft");
  issue.is_locked = row.boolean("o_is_locked");
  issue.link = row.text("link");
  issue.base_digest = row.text("base_digest");
  issue.is_under_way = row.boolean("is_under_way");
  return issue;
}

MirroredComment read_comment(const pg::Row& row) {
  MirroredComment comment;
  comment.number = row.integer("o_number");
  comment.id = row.integer("o_id");
  comment.updated_at = row.text("updated_at");
  comment.created_at = row.text("created_at");
  comment.user_id = row.maybe_integer("o_user_id");
  comment.remote.body = row.text("o_body");
  comment.task = row.text("task");
  comment.link = row.text("link");
  comment.base_digest = row.text("base_digest");
  comment.is_under_way = row.boolean("is_under_way");
  return comment;
}

}  // namespace

std::vector<MirroredIssue> read_issues(pg::Connection& connection, const std::string& id,
                                       std::int64_t after, int limit) {
  std::vector<MirroredIssue> issues;
  for (const auto row : connection.query(select_issues, pg::Params(id, after, limit)))
    issues.push_back(read_issue(row));
  return issues;
}

std::vector<MirroredComment> read_comments(pg::Connection& connection, const std::string& id,
                                           std::int64_t after_number, std::int64_t after_id,
                                           int limit) {
  std::vector<MirroredComment> comments;
  for (const auto row :
       connection.query(select_comments, pg::Params(id, after_number, after_id, limit)))
    comments.push_back(read_comment(row));
  return comments;
}

}  // namespace devy::sync
