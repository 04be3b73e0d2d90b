#include "core/files/store/upload_store.hpp"

#include "core/platform/base/unless_empty.hpp"

namespace devy::files {
namespace {

constexpr pg::Statement call_upload_begin{"file_upload_begin", R"sql(
  select * from file_upload_begin($1::uuid, $2::uuid, $3::text, $4::bytea, $5::bigint, $6::text,
                                  make_interval(secs => $7::bigint), $8::bigint, $9::bigint))sql",
                                          true};

constexpr pg::Statement call_upload_find{"file_upload_find", R"sql(
  select * from file_upload_find($1::uuid, $2::bytea))sql",
                                         true};

constexpr pg::Statement call_upload_acquire{"file_upload_acquire", R"sql(
  select * from file_upload_acquire($1::uuid, $2::bytea, $3::bigint, $4::bigint, $5::bigint,
                                    $6::bigint))sql",
                                            true};

constexpr pg::Statement call_upload_record{"file_upload_record", R"sql(
  select * from file_upload_record($1::uuid, $2::bigint, $3::bigint,
                                   make_interval(secs => $4::bigint), $5::bigint, $6::bigint))sql",
                                           true};

constexpr pg::Statement call_upload_finish{"file_upload_finish", R"sql(
  select * from file_upload_finish($1::uuid, $2::bigint, $3::bigint,
                                   make_interval(secs => $4::bigint)))sql",
                                           true};

constexpr pg::Statement call_upload_settle{"file_upload_settle", R"sql(
  select file_upload_settle($1::uuid, $2::bigint, $3::bigint, $4::bigint,
                            $5::bigint) as outcome)sql",
                                           true};

constexpr pg::Statement call_upload_end{"file_upload_end", R"sql(
  select file_upload_end($1::uuid, $2::bytea, $3::bigint, $4::text) as outcome)sql"};

constexpr pg::Statement call_upload_restart{"file_upload_restart", R"sql(
  select file_upload_restart($1::uuid, $2::bigint))sql"};

constexpr pg::Statement call_uploads_open{"file_uploads_open", R"sql(
  select id from file_uploads_open(array(
    select t.id::uuid from unnest($1::text[]) t (id)
     where t.id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')) o (id))sql"};

constexpr pg::Statement call_token_join{"file_token_join", R"sql(
  select file_token_join($1::bytea, $2::uuid, $3::bigint) as outcome)sql"};

pg::Bytes key_of(const UploadName& name) {
  return {base::view_of(name.key_digest)};
}

}  // namespace

BegunUpload begin_upload(pg::Connection& connection, const NewUpload& upload,
                         const config::Files& settings) {
  const auto found = connection.one(
      call_upload_begin,
      pg::Params(upload.name.id.text(), upload.owner.text(), settings.node, key_of(upload.name),
                 upload.length, base::unless_empty(upload.metadata_sent),
                 settings.upload_for_max.count(), settings.owner_bytes_max,
                 settings.owner_files_max));
  return {found[0].text("o_outcome"), found[0].time("o_expires_at"),
          static_cast<std::uint64_t>(found[0].integer("o_promised"))};
}

Upload find_upload(pg::Connection& connection, const UploadName& name) {
  const auto found = connection.one(call_upload_find, pg::Params(name.id.text(), key_of(name)));
  const auto row = found[0];
  return {row.text("o_outcome"),
          row.maybe_text("o_node").value_or(""),
          row.maybe_integer("o_length"),
          row.maybe_integer("o_received").value_or(0),
          row.maybe_text("o_metadata_sent").value_or(""),
          row.maybe_time("o_expires_at")};
}

Acquired acquire_upload(pg::Connection& connection, const UploadName& name, std::int64_t offset,
                        std::optional<std::int64_t> length, const config::Files& settings) {
  pg::Transaction transaction(connection);
  const auto found = connection.one(call_upload_acquire,
                                    pg::Params(name.id.text(), key_of(name), offset, length,
                                               settings.owner_bytes_max, settings.owner_files_max));
  const auto row = found[0];
  Acquired acquired{row.text("o_outcome"), row.maybe_integer("o_fence").value_or(0),
                    row.maybe_integer("o_received").value_or(0), row.maybe_integer("o_length"),
                    OwnerId::trusted(row.maybe_text("o_owner_id").value_or(""))};
  if (acquired.outcome == "open") transaction.commit();
  return acquired;
}

Recorded record_upload(pg::Connection& connection, const FileId& id, std::int64_t fence,
                       std::int64_t received, const config::Files& settings) {
  pg::Transaction transaction(connection);
  const auto found = connection.one(
      call_upload_record, pg::Params(id.text(), fence, received, settings.upload_for_max.count(),
                                     settings.owner_bytes_max, settings.owner_files_max));
  Recorded recorded{found[0].text("o_outcome"), found[0].maybe_time("o_expires_at")};
  if (recorded.outcome == "good") transaction.commit();
  return recorded;
}

FinishedUpload finish_upload(pg::Connection& connection, const FileId& id, std::int64_t fence,
                             std::int64_t length, const config::Files& settings) {
  const auto found = connection.one(
      call_upload_finish, pg::Params(id.text(), fence, length, settings.temporary_for.count()));
  const auto row = found[0];
  return {row.text("o_outcome"), OwnerId::trusted(row.maybe_text("o_owner_id").value_or("")),
          row.maybe_integer("o_reserved").value_or(0), row.maybe_time("o_expires_at")};
}

std::string settle_upload(pg::Connection& connection, const FinishedUpload& finished,
                          std::int64_t bytes, const config::Files& settings) {
  return connection
      .one(call_upload_settle, pg::Params(finished.owner.text(), finished.reserved, bytes,
                                          settings.owner_bytes_max, settings.owner_files_max))[0]
      .text("outcome");
}

std::string terminate_upload(pg::Connection& connection, const UploadName& name) {
  const std::optional<std::int64_t> no_fence;
  const std::optional<std::string> no_error;
  return connection
      .one(call_upload_end, pg::Params(name.id.text(), key_of(name), no_fence, no_error))[0]
      .text("outcome");
}

void reject_upload(pg::Connection& connection, const FileId& id, std::int64_t fence,
                   const std::string& error_code) {
  const std::optional<pg::Bytes> no_key;
  connection.execute(call_upload_end, pg::Params(id.text(), no_key, fence, error_code));
}

void restart_upload(pg::Connection& connection, const FileId& id, std::int64_t fence) {
  connection.execute(call_upload_restart, pg::Params(id.text(), fence));
}

std::vector<std::string> open_uploads(pg::Connection& connection,
                                      const std::vector<std::string>& ids) {
  std::vector<std::string> open;
  for (const auto row : connection.query(call_uploads_open, pg::Params(ids)))
    open.push_back(row.text("id"));
  return open;
}

std::string join_token(pg::Connection& connection, const base::Sha256& digest, const OwnerId& owner,
                       const config::Files& settings) {
  return connection
      .one(call_token_join, pg::Params(pg::Bytes{base::view_of(digest)}, owner.text(),
                                       settings.request_files_max))[0]
      .text("outcome");
}

}  // namespace devy::files
