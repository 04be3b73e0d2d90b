#include "core/files/store/file_store.hpp"

#include "core/platform/base/hex.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::files {
namespace {

// The view file_seen has what all readings share.
constexpr pg::Statement select_file{"find_file", R"sql(
  select * from file_seen where id = $1::uuid and ($2::uuid is null or owner_id = $2::uuid))sql",
                                    true};

constexpr pg::Statement select_files{"find_files", R"sql(
  select * from file_seen where id = any ($1::uuid[]) order by array_position($1::uuid[], id))sql",
                                     true};

constexpr pg::Statement select_files_of_token{"find_files_of_token", R"sql(
  select * from file_seen
   where token_digest = $1::bytea and state not in ('deleted', 'rejected')
   order by created_at, id)sql",
                                              true};

constexpr pg::Statement select_request{"find_file_request", R"sql(
  select * from file_seen where owner_id = $1::uuid and request_key = $2::text)sql",
                                       true};

constexpr pg::Statement select_list{"list_files", R"sql(
  select * from file_seen f
   where ($1::uuid is null or f.owner_id = $1::uuid)
     and ($2::text is null or lower(f.owner_login) = lower($2::text))
     and (f.state = $3::text or ($3::text is null and f.state not in ('deleted', 'rejected')))
     and ($4::text is null or f.name = $4::text)
     and ($5::bytea is null or f.sha256 = $5::bytea)
     and ($6::text is null or exists (select from file_reference r
            where r.file_id = f.id and r.kind = $6::text
              and ($7::text is null or r.key = $7::text)))
     and (not $8::boolean or (f.state = 'permanent'
            and not exists (select from file_reference r where r.file_id = f.id)))
     and ($9::uuid is null or (f.created_at, f.id) <
            (select c.created_at, c.id from file c where c.id = $9::uuid))
   order by f.created_at desc, f.id desc
   limit $10::integer)sql"};

constexpr pg::Statement call_change{"file_change", R"sql(
  select file_change($1::uuid, $2::uuid, $3::text, $4::jsonb) as is_changed)sql"};

constexpr pg::Statement call_delete{"file_delete", R"sql(
  select file_delete($1::uuid, $2::uuid, $3::text) as outcome)sql"};

constexpr pg::Statement call_restore{"file_restore", R"sql(
  select file_restore($1::uuid, $2::bigint, $3::bigint) as outcome)sql"};

File file_of(const pg::Row& row) {
  File file;
  file.id = FileId::trusted(row.text("id"));
  file.owner_id = OwnerId::trusted(row.text("owner_id"));
  file.owner_login = row.text("owner_login");
  file.name = row.text("name");
  file.state = row.text("state");
  file.size = row.maybe_integer("size").value_or(row.maybe_integer("announced").value_or(0));
  file.received = row.maybe_integer("received").value_or(0);
  base::Sha256 sha256{};
  if (base::read_hex(row.view("sha256_hex"), sha256)) file.sha256 = sha256;
  if (base::read_hex(row.view("token_hex"), sha256)) file.token_digest = sha256;
  file.media_type = row.text("media_type");
  file.metadata_json = row.text("metadata");
  file.error_code = row.text("error_code");
  file.content_state = row.text("content_state");
  file.content_storage = row.text("content_storage");
  file.content_generation = row.integer("content_generation");
  file.content_node = row.text("content_node");
  file.is_stored = file.content_state == "stored";
  file.created_at = row.time("created_at");
  file.expires_at = row.maybe_time("expires_at");
  const auto kinds = row.texts("reference_kinds"), keys = row.texts("reference_keys");
  for (std::size_t i = 0; i < kinds.size(); ++i)
    file.references.push_back({kinds[i], keys.at(i)});
  return file;
}

std::vector<File> files_in(const pg::Result& rows) {
  std::vector<File> files;
  for (const auto row : rows)
    files.push_back(file_of(row));
  return files;
}

std::optional<File> file_in(const std::optional<pg::Result>& found) {
  if (!found) return std::nullopt;
  return file_of((*found)[0]);
}

}  // namespace

std::optional<File> find_file(pg::Connection& connection, const FileId& id, const OwnerId& owner) {
  return file_in(
      connection.maybe(select_file, pg::Params(id.text(), base::unless_empty(owner.text()))));
}

std::vector<File> find_files(pg::Connection& connection, const std::vector<std::string>& ids) {
  return files_in(connection.query(select_files, pg::Params(ids)));
}

std::vector<File> files_of_token(pg::Connection& connection, const base::Sha256& digest) {
  return files_in(
      connection.query(select_files_of_token, pg::Params(pg::Bytes{base::view_of(digest)})));
}

std::optional<File> find_request(pg::Connection& connection, const OwnerId& owner,
                                 const std::string& request_key) {
  return file_in(connection.maybe(select_request, pg::Params(owner.text(), request_key)));
}

std::vector<File> list_files(pg::Connection& connection, const FileFilter& filter) {
  base::Sha256 sha256{};
  std::optional<pg::Bytes> digest;
  if (base::read_hex(filter.sha256, sha256)) digest = pg::Bytes{base::view_of(sha256)};
  using base::unless_empty;
  return files_in(connection.query(
      select_list,
      pg::Params(unless_empty(filter.owner.text()), unless_empty(filter.login),
                 unless_empty(filter.state), unless_empty(filter.name), digest,
                 unless_empty(filter.reference_kind), unless_empty(filter.reference_key),
                 filter.is_unused, unless_empty(filter.cursor), filter.limit)));
}

bool change_file(pg::Connection& connection, const FileId& id, const OwnerId& owner,
                 const std::optional<std::string>& name,
                 const std::optional<std::string>& metadata_json) {
  return connection.one(call_change, pg::Params(id.text(), owner.text(), name, metadata_json))[0]
      .boolean("is_changed");
}

std::string delete_file(pg::Connection& connection, const FileId& id, const OwnerId& owner,
                        const std::string& by) {
  return connection.one(call_delete, pg::Params(id.text(), base::unless_empty(owner.text()), by))[0]
      .text("outcome");
}

std::string restore_file(pg::Connection& connection, const FileId& id,
                         const config::Files& settings) {
  return connection
      .one(call_restore,
           pg::Params(id.text(), settings.owner_bytes_max, settings.owner_files_max))[0]
      .text("outcome");
}

}  // namespace devy::files
