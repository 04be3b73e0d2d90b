#include "core/publishing/store/upload_store.hpp"

#include "core/platform/base/random.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"
#include "core/publishing/post/document.hpp"
#include "core/publishing/store/file_error_json.hpp"
#include "core/publishing/store/left_out_json.hpp"

// The writing half: recording, and the pipeline's notes. Reading is upload_read_store.cpp.

namespace devy::publishing {
namespace {

constexpr pg::Statement call_upload_record{"upload_record", R"sql(
  select o_id, o_state, o_pointer, o_is_new
    from upload_record(
      p_id => $1::uuid, p_blog_id => $2::uuid, p_source => $3::text, p_branch => $4::text,
      p_ref => $5::text, p_commit => $6::text, p_announced_commit => $7::text,
      p_delivery_guid => $8::uuid, p_event_at => $9::timestamptz, p_renderer => $10::integer,
      p_priority => $11::smallint, p_max_attempts => $12::integer, p_idempotency_key => $13::text,
      p_requested_by => $14::text, p_reason => $15::text))sql",
                                           true};

constexpr pg::Statement call_upload_request{"upload_request", R"sql(
  select o_id, o_state, o_pointer, o_is_new
    from upload_request(
      p_id => $1::uuid, p_blog_id => $2::uuid, p_source => $3::text, p_branch => $4::text,
      p_ref => $5::text, p_commit => $6::text, p_announced_commit => $7::text,
      p_delivery_guid => $8::uuid, p_event_at => $9::timestamptz, p_renderer => $10::integer,
      p_priority => $11::smallint, p_max_attempts => $12::integer, p_idempotency_key => $13::text,
      p_requested_by => $14::text, p_reason => $15::text))sql",
                                            true};

constexpr pg::Statement update_fetched{"update_fetched", R"sql(
  update upload set commit = $2::text, committed_at = $3::timestamptz, repository_url = $4::text
  where operation_id = $1::uuid)sql"};

constexpr pg::Statement upsert_changeset{"upsert_changeset", R"sql(
  insert into changeset (operation_id, from_commit, to_commit, origin, unchanged, changes)
  values ($1::uuid, $2::text, $3::text, $4::text, $5::integer, $6::jsonb)
  on conflict (operation_id) do update
  set from_commit = excluded.from_commit, to_commit = excluded.to_commit, origin = excluded.origin,
      unchanged = excluded.unchanged, changes = excluded.changes, made_at = clock_timestamp())sql"};

constexpr pg::Statement update_diffed{"update_diffed", R"sql(
  update upload
  set from_commit = $2::text, created = $3::integer, updated = $4::integer, renamed = $5::integer,
      deleted = $6::integer, unchanged = $7::integer, file_errors = $8::integer, warnings = $9::jsonb
  where operation_id = $1::uuid)sql"};

constexpr pg::Statement update_left_out{"update_left_out", R"sql(
  update upload set left_out = $2::jsonb where operation_id = $1::uuid)sql"};

constexpr pg::Statement update_left_out_of_head{"update_left_out_of_head", R"sql(
  update upload u set left_out = h.left_out
  from blog b join upload h on h.operation_id = b.head_operation_id
  where u.operation_id = $1::uuid and b.id = u.blog_id)sql"};

constexpr pg::Statement select_changeset{"select_changeset", R"sql(
  select from_commit, to_commit, origin, unchanged, changes, made_at
  from changeset where operation_id = $1::uuid)sql"};

constexpr pg::Statement update_counts{"update_counts", R"sql(
  update upload
  set created = $2::integer, updated = $3::integer, renamed = $4::integer, deleted = $5::integer,
      unchanged = $6::integer, file_errors = $7::integer, warnings = $8::jsonb
  where operation_id = $1::uuid)sql"};

}  // namespace

queue::Ingested record_upload_within(pg::Connection& connection, const Blog& blog,
                                     const UploadRequest& request) {
  const bool is_from_outside =
      request.source == queue::Source::webhook || request.source == queue::Source::api;
  std::optional<std::string> event_at;
  if (request.event_at) event_at = base::format_rfc3339(*request.event_at);
  const auto rows = connection.one(
      is_from_outside ? call_upload_request : call_upload_record,
      pg::Params(base::system_random().uuid(), blog.id.text(), queue::to_string(request.source),
                 request.ref ? request.ref : blog.branch, request.ref, request.commit,
                 request.announced_commit, request.delivery_guid, event_at, post::renderer_version,
                 request.priority, request.max_attempts, request.idempotency_key,
                 base::unless_empty(request.requested_by), base::unless_empty(request.reason)));
  return queue::read_ingested(rows[0]);
}

queue::Ingested record_upload(pg::Connection& connection, const Blog& blog,
                              const UploadRequest& request) {
  pg::Transaction transaction(connection);
  auto ingested = record_upload_within(connection, blog, request);
  transaction.commit();
  if (ingested.is_new && ingested.state == queue::State::verified) queue::wake_workers(connection);
  return ingested;
}

void save_fetched(pg::Connection& connection, const base::UploadId& id, const std::string& commit,
                  std::optional<base::TimePoint> committed_at, const std::string& url) {
  std::optional<std::string> time;
  if (committed_at) time = base::format_rfc3339(*committed_at);
  connection.execute(update_fetched, pg::Params(id.text(), commit, time, url));
}

void save_changeset(pg::Connection& connection, const base::UploadId& id,
                    const StoredChangeset& stored,
                    const std::vector<snapshot::FileError>& warnings) {
  using snapshot::ChangeKind;
  const auto& changes = stored.changeset;
  connection.execute(upsert_changeset,
                     pg::Params(id.text(), stored.from_commit, stored.to_commit, stored.origin,
                                changes.unchanged, to_json(changes)));
  connection.execute(
      update_diffed,
      pg::Params(id.text(), stored.from_commit, changes.count(ChangeKind::created),
                 changes.count(ChangeKind::updated), changes.count(ChangeKind::renamed),
                 changes.count(ChangeKind::deleted), changes.unchanged, 0, to_json(warnings)));
}

void save_left_out(pg::Connection& connection, const base::UploadId& id,
                   const blog::LeftOut& left_out) {
  connection.execute(update_left_out,
                     pg::Params(id.text(), stored_left_out_json(left_out).compact()));
}

void copy_left_out_of_head(pg::Connection& connection, const base::UploadId& id) {
  connection.execute(update_left_out_of_head, pg::Params(id.text()));
}

std::optional<StoredChangeset> load_changeset(pg::Connection& connection,
                                              const base::UploadId& id) {
  const auto found = connection.maybe(select_changeset, pg::Params(id.text()));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  return StoredChangeset{
      row.maybe_text("from_commit"), row.text("to_commit"), row.text("origin"),
      changeset_from_json(row.view("changes"), static_cast<std::size_t>(row.integer("unchanged"))),
      row.time("made_at")};
}

void save_counts(pg::Connection& connection, const base::UploadId& id, const ChangeCounts& counts,
                 const std::vector<snapshot::FileError>& warnings) {
  connection.execute(update_counts, pg::Params(id.text(), counts.created, counts.updated,
                                               counts.renamed, counts.deleted, counts.unchanged,
                                               counts.file_errors, to_json(warnings)));
}

}  // namespace devy::publishing
