#include "core/publishing/store/upload_store.hpp"

#include "core/platform/base/random.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/publishing/post/document.hpp"
#include "core/publishing/store/file_error_json.hpp"

// The writing half: recording, and the pipeline's notes. Reading is upload_read_store.cpp.

namespace devy::publishing {
namespace {

constexpr pg::Statement insert_upload{"insert_upload", R"sql(
  insert into upload (operation_id, blog_id, delivery_guid, repository_url, ref, requested_commit)
  values ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text))sql"};

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

constexpr pg::Statement select_changeset{"select_changeset", R"sql(
  select from_commit, to_commit, origin, unchanged, changes
  from changeset where operation_id = $1::uuid)sql"};

constexpr pg::Statement update_counts{"update_counts", R"sql(
  update upload
  set created = $2::integer, updated = $3::integer, renamed = $4::integer, deleted = $5::integer,
      unchanged = $6::integer, file_errors = $7::integer, warnings = $8::jsonb
  where operation_id = $1::uuid)sql"};

constexpr pg::Statement select_variant{"upload_variant", R"sql(
  select upload_variant($1::uuid, $2::integer, $3::text, $4::boolean) as variant)sql",
                                       true};

std::string variant_of(pg::Connection& connection, const Blog& blog, const UploadRequest& request) {
  return connection
      .one(select_variant,
           pg::Params(blog.id.text(), post::renderer_version,
                      request.ref ? request.ref : blog.branch, request.commit.has_value()))[0]
      .text("variant");
}

}  // namespace

queue::Ingested record_upload_within(pg::Connection& connection, const Blog& blog,
                                     const UploadRequest& request) {
  queue::NewOperation operation;
  operation.id = base::OperationId::trusted(base::system_random().uuid());
  operation.resource = blog.resource;
  operation.kind = upload_kind;
  operation.source = request.source;
  operation.event_id = request.delivery_guid;
  operation.event_at = request.event_at;
  operation.revision = request.commit ? request.commit : request.announced_commit;
  operation.variant = variant_of(connection, blog, request);
  operation.priority = request.priority;
  operation.max_attempts = request.max_attempts;
  operation.idempotency_key = request.idempotency_key;
  operation.requested_by = request.requested_by;
  operation.reason = request.reason;

  auto ingested = queue::ingest(connection, operation);
  if (ingested.is_new)
    connection.execute(insert_upload,
                       pg::Params(ingested.id.text(), blog.id.text(), request.delivery_guid,
                                  blog.repository_url, request.ref, request.commit));
  return ingested;
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

std::optional<StoredChangeset> load_changeset(pg::Connection& connection,
                                              const base::UploadId& id) {
  const auto found = connection.maybe(select_changeset, pg::Params(id.text()));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  return StoredChangeset{
      row.maybe_text("from_commit"), row.text("to_commit"), row.text("origin"),
      changeset_from_json(row.view("changes"), static_cast<std::size_t>(row.integer("unchanged")))};
}

void save_counts(pg::Connection& connection, const base::UploadId& id, const ChangeCounts& counts,
                 const std::vector<snapshot::FileError>& warnings) {
  connection.execute(update_counts, pg::Params(id.text(), counts.created, counts.updated,
                                               counts.renamed, counts.deleted, counts.unchanged,
                                               counts.file_errors, to_json(warnings)));
}

}  // namespace devy::publishing
