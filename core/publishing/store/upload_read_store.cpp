#include "core/platform/base/closest_name.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/publishing/store/file_error_json.hpp"
#include "core/publishing/store/left_out_json.hpp"
#include "core/publishing/store/upload_store.hpp"

// The reading half of upload_store.hpp.

namespace devy::publishing {
namespace {

using base::Error;
using base::ErrorKind;

// Bounds what an ambiguous prefix lists.
constexpr int candidates_max = 5;

constexpr pg::Statement select_uploads{"select_uploads", R"sql(
  select * from upload_status
  where ($1::text[] = '{}' or state = any ($1::text[]))
    and ($2::text is null or blog = $2::text)
    and ($3::bigint is null or created_at >= clock_timestamp() - $3::bigint * interval '1 microsecond')
    and (not $4::boolean
         or (state in ('scheduled', 'processing') and lease_expires_at < clock_timestamp())
         or (state in ('received', 'verified') and run_at < clock_timestamp() - interval '5 minutes')
         or is_whole_queue is not null
         or state = 'held')
    and not ($7::boolean and (is_whole_queue is not null or state = 'held'))
    and not ($6::boolean and source = 'repair')
    and ($8::bigint is null or created_at <= clock_timestamp() - $8::bigint * interval '1 microsecond')
    and ($9::text is null or error_code = $9::text)
  order by arrival desc
  limit $5::integer)sql"};

constexpr pg::Statement select_upload{"select_upload", R"sql(
  select * from upload_status
  where id = $1::uuid)sql"};

// A prefix as a range of ids, so that the primary key's index answers.
constexpr pg::Statement select_by_prefix{"select_by_prefix", R"sql(
  select o.id from operation o join upload u on u.operation_id = o.id
  where o.id >= $1::uuid and o.id <= $2::uuid
  order by o.arrival desc
  limit $3::integer)sql"};

constexpr pg::Statement select_last{"select_last", R"sql(
  select o.id from operation o join upload u on u.operation_id = o.id
  where not $1::boolean or o.state = 'failed'
  order by o.arrival desc
  limit 1)sql"};

constexpr pg::Statement select_file_errors{"select_file_errors", R"sql(
  select path, line, col, message from file_error where blog_id = $1::uuid order by path)sql"};

constexpr pg::Statement longest_common{"longest_common_prefix", R"sql(
  with ids as (
    select id::text as id, lag(id::text) over (order by id) as before,
           lead(id::text) over (order by id) as after
    from (select id from operation order by arrival desc limit 20000) recent)
  select coalesce(max(n), 8) as length
  from ids, generate_series(8, 36) n
  where id = any ($1::text[])
    and (n = 8 or left(id, n - 1) = left(before, n - 1) or left(id, n - 1) = left(after, n - 1)))sql"};

constexpr pg::Statement select_newest_ids{"select_newest_ids", R"sql(
  select id::text from operation order by arrival desc limit 1000)sql"};

Upload read_upload(const pg::Row& row) {
  Upload upload;
  upload.id = base::UploadId::trusted(row.text("id"));
  upload.state = queue::parse_state(row.view("state")).value_or(queue::State::received);
  upload.step = row.maybe_text("step");
  upload.blog = row.text("blog");
  upload.blog_id = base::BlogId::trusted(row.text("blog_id"));
  upload.repository_url = row.text("repository_url");
  upload.trigger = row.text("source");
  upload.ref = row.maybe_text("ref");
  upload.requested_commit = row.maybe_text("requested_commit");
  upload.commit = row.maybe_text("commit");
  upload.from_commit = row.maybe_text("from_commit");
  upload.attempt = static_cast<int>(row.integer("attempt"));
  upload.max_attempts = static_cast<int>(row.integer("max_attempts"));
  upload.priority = static_cast<int>(row.integer("priority"));
  upload.replay_count = static_cast<int>(row.integer("replays"));
  upload.created_at = row.time("created_at");
  upload.run_at = row.maybe_time("run_at");
  upload.started_at = row.maybe_time("started_at");
  upload.finished_at = row.maybe_time("finished_at");
  upload.duration_ms = row.maybe_integer("duration_ms");
  upload.worker = row.maybe_text("worker");
  upload.lease_expires_at = row.maybe_time("lease_expires_at");
  if (!row.is_null("created"))
    upload.changes =
        ChangeCounts{row.integer("created"), row.integer("updated"),   row.integer("renamed"),
                     row.integer("deleted"), row.integer("unchanged"), row.integer("file_errors")};
  upload.error_code = row.maybe_text("error_code");
  upload.error_text = row.maybe_text("error_text");
  upload.error_hint = row.maybe_text("error_hint");
  upload.cancelled_by = row.maybe_text("cancelled_by");
  upload.cancel_reason = row.maybe_text("cancel_reason");
  upload.duplicate_of = row.maybe_text("duplicate_of");
  upload.dropped_for = row.maybe_text("dropped_for");
  upload.delivery_guid = row.maybe_text("delivery_guid");
  upload.requested_by = row.maybe_text("requested_by");
  upload.reason = row.maybe_text("reason");
  upload.is_cancel_requested = row.boolean("is_cancel_requested");
  upload.warnings = file_errors_from_json(row.view("warnings"));
  if (!row.is_null("left_out")) upload.left_out = left_out_from_json(row.view("left_out"));
  upload.resource = row.integer("resource_id");
  upload.arrival = row.integer("arrival");
  if (!row.is_null("is_whole_queue"))
    upload.pause = queue::Pause{
        row.boolean("is_whole_queue"), row.maybe_time("paused_at"), row.maybe_time("resumed_at"),
        row.maybe_text("paused_reason").value_or(""), row.maybe_text("paused_kind").value_or("")};
  return upload;
}

// "Did you mean `@last`? ", or nothing. Of ids those of the newest operations are looked at.
std::string suggested_upload(pg::Connection& connection, const std::string& name) {
  std::vector<std::string> known{"@last", "@last-failed"};
  if (!name.starts_with('@')) {
    known.clear();
    for (const auto row : connection.query(select_newest_ids))
      known.push_back(row.text("id").substr(0, name.size()));
  }
  const auto near = base::closest_name(name, std::span<const std::string>(known));
  return near ? "Did you mean `" + std::string(*near) + "`? " : std::string();
}

[[noreturn]] void throw_no_upload(pg::Connection& connection, const std::string& name) {
  throw Error(ErrorKind::not_found, "unable to find upload '" + name + "'",
              suggested_upload(connection, name) +
                  "List them with `devy-upload list`; an id may be cut to any unambiguous prefix.",
              "upload_not_found");
}

}  // namespace

std::vector<Upload> list_uploads(pg::Connection& connection, const UploadFilter& filter) {
  std::vector<std::string> states;
  for (const auto state : filter.states)
    states.emplace_back(queue::to_string(state));
  std::optional<long> since, until;
  if (filter.since) since = filter.since->count();
  if (filter.until) until = filter.until->count();
  std::vector<Upload> uploads;
  const pg::Params params(states, filter.blog, since, filter.is_stuck || filter.is_overdue,
                          filter.limit, filter.is_without_repairs, filter.is_overdue, until,
                          filter.code);
  for (const auto row : connection.query(select_uploads, params))
    uploads.push_back(read_upload(row));
  return uploads;
}

Upload load_upload(pg::Connection& connection, const base::UploadId& id) {
  const auto found = connection.maybe(select_upload, pg::Params(id.text()));
  if (!found) throw_no_upload(connection, id.text());
  return read_upload((*found)[0]);
}

Upload find_upload(pg::Connection& connection, const std::string& name) {
  if (name == "@last" || name == "@last-failed") {
    const auto found = connection.maybe(select_last, pg::Params(name == "@last-failed"));
    if (!found) throw_no_upload(connection, name);
    return load_upload(connection, base::UploadId::trusted((*found)[0].text("id")));
  }
  const auto range = base::uuid_range(name);
  if (!range) throw_no_upload(connection, name);
  const auto rows =
      connection.query(select_by_prefix, pg::Params(range->first, range->second, candidates_max));
  if (rows.empty()) throw_no_upload(connection, name);
  if (rows.size() > 1) {
    std::string candidates;
    for (const auto row : rows)
      candidates += (candidates.empty() ? "" : ", ") + row.text("id");
    throw Error(ErrorKind::not_found,
                "unable to find upload '" + name + "': it is ambiguous (" + candidates + ")",
                "Give more of the id.", "upload_ambiguous");
  }
  return load_upload(connection, base::UploadId::trusted(rows[0].text("id")));
}

std::size_t unambiguous_length(pg::Connection& connection, const std::vector<Upload>& uploads) {
  std::vector<std::string> ids;
  ids.reserve(uploads.size());
  for (const auto& upload : uploads)
    ids.push_back(upload.id.text());
  return static_cast<std::size_t>(
      connection.one(longest_common, pg::Params(ids))[0].integer("length"));
}

std::vector<snapshot::FileError> list_file_errors(pg::Connection& connection,
                                                  const base::BlogId& blog) {
  std::vector<snapshot::FileError> errors;
  for (const auto row : connection.query(select_file_errors, pg::Params(blog.text())))
    errors.push_back({row.text("path"), static_cast<std::uint32_t>(row.integer("line")),
                      static_cast<std::uint32_t>(row.integer("col")), row.text("message")});
  return errors;
}

}  // namespace devy::publishing
