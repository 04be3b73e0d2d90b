#include "core/mirror/store/pull_store.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement count_lacking{"count_pulls_to_read", R"sql(
  select count(*) as lacking
  from github.pull_request
  where repository_id = $1::bigint and deleted_at is null
    and (detail_at is null or detail_at < github_at
         or (files_head_sha, files_base_sha) is distinct from (head_sha, base_sha)))sql"};

constexpr pg::Statement select_next{"next_pull_to_read", R"sql(
  select id, number, coalesce(head_sha, '') as head_sha, coalesce(base_sha, '') as base_sha,
         coalesce(files_head_sha, '') as files_head_sha,
         coalesce(files_base_sha, '') as files_base_sha,
         coalesce(detail_at >= coalesce(github_at, '-infinity'), false) as has_details
  from github.pull_request
  where repository_id = $1::bigint and number > $4::integer and number % $3::integer = $2::integer
    and deleted_at is null
    and (detail_at is null or detail_at < github_at
         or (files_head_sha, files_base_sha) is distinct from (head_sha, base_sha))
  order by number
  limit 1)sql"};

constexpr pg::Statement select_issue{"issue_of_number", R"sql(
  select id from github.issue where repository_id = $1::bigint and number = $2::integer)sql"};

constexpr pg::Statement select_is_to_be_read{"is_pull_to_be_read", R"sql(
  select exists (
    select from github.pull_request
    where id = $1::bigint and deleted_at is null
      and (detail_at is null or detail_at < github_at
           or (files_head_sha, files_base_sha) is distinct from (head_sha, base_sha))) as lacks)sql"};

constexpr pg::Statement select_are_lacking_since{"are_pulls_to_read_since", R"sql(
  select exists (
    select from github.pull_request
    where repository_id = $1::bigint and last_replicated_via_webhook_at >= $2::timestamptz
      and deleted_at is null
      and (detail_at is null or detail_at < github_at
           or (files_head_sha, files_base_sha) is distinct from (head_sha, base_sha))) as lacks)sql"};

constexpr pg::Statement select_are_read_lacking{"are_read_pulls_to_read", R"sql(
  select exists (
    select from github.pull_request
    where repository_id = $1::bigint and last_replicated_via_api_at >= $2::timestamptz
      and deleted_at is null
      and (detail_at is null or detail_at < github_at
           or (files_head_sha, files_base_sha) is distinct from (head_sha, base_sha))) as lacks)sql"};

constexpr pg::Statement delete_old_files{"delete_old_pull_request_files", R"sql(
  delete from github.pull_request_file
  where pull_request_id = $1::bigint and last_replicated_via_api_at < $2::timestamptz
    and not exists (select from github.pull_request
                    where id = $1::bigint and files_head_sha = $3::text and files_base_sha = $4::text))sql"};

constexpr pg::Statement update_files{"note_pull_request_files", R"sql(
  update github.pull_request
  set files_head_sha = $3::text, files_base_sha = $4::text, files_are_truncated = $5::boolean,
      files_last_scanned_at = $2::timestamptz
  where id = $1::bigint)sql"};

}  // namespace

std::int64_t count_pulls_to_read(pg::Connection& connection, std::int64_t repository_id) {
  return connection.one(count_lacking, pg::Params(repository_id))[0].integer("lacking");
}

std::optional<PullToRead> next_pull(pg::Connection& connection, const PullSearch& search) {
  const auto rows = connection.query(select_next, pg::Params(search.repository_id, search.slot,
                                                             search.stride, search.after_number));
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return PullToRead{.id = row.integer("id"),
                    .number = row.integer("number"),
                    .head_sha = row.text("head_sha"),
                    .base_sha = row.text("base_sha"),
                    .files_head_sha = row.text("files_head_sha"),
                    .files_base_sha = row.text("files_base_sha"),
                    .has_details = row.boolean("has_details")};
}

std::optional<std::int64_t> issue_of_number(pg::Connection& connection, std::int64_t repository_id,
                                            std::int64_t number) {
  const auto rows = connection.query(select_issue, pg::Params(repository_id, number));
  if (rows.empty()) return std::nullopt;
  return rows[0].integer("id");
}

bool is_to_be_read(pg::Connection& connection, std::int64_t pull_request_id) {
  return connection.one(select_is_to_be_read, pg::Params(pull_request_id))[0].boolean("lacks");
}

bool are_read_pulls_to_read(pg::Connection& connection, std::int64_t repository_id,
                            base::TimePoint since) {
  return connection
      .one(select_are_read_lacking, pg::Params(repository_id, base::format_rfc3339(since)))[0]
      .boolean("lacks");
}

bool are_pulls_to_read_since(pg::Connection& connection, std::int64_t repository_id,
                             base::TimePoint since) {
  return connection
      .one(select_are_lacking_since, pg::Params(repository_id, base::format_rfc3339(since)))[0]
      .boolean("lacks");
}

void note_files(pg::Connection& connection, const FilesRead& read, const RowObservers& observers) {
  const auto begun_at = base::format_rfc3339(read.begun_at);
  connection.execute(delete_old_files,
                     pg::Params(read.pull_request_id, begun_at, read.head_sha, read.base_sha));
  connection.execute(update_files, pg::Params(read.pull_request_id, begun_at, read.head_sha,
                                              read.base_sha, read.are_truncated));
  tell_observers(connection, observers);
}

}  // namespace devy::mirror
