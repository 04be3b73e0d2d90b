#include "core/files/store/storing_store.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/random.hpp"

namespace devy::files {
namespace {

constexpr int store_priority = 100;
// So long nobody asks an S3 that refuses us: a person has to act.
constexpr std::chrono::seconds s3_pause_time{60};

constexpr pg::Statement select_placed{"find_placed_content", R"sql(
  select encode(sha256, 'hex') as sha256, size, generation, state, storage,
         coalesce(node, '') as node, coalesce(multipart_id, '') as multipart_id
    from content where sha256 = $1::bytea)sql",
                                      true};

constexpr pg::Statement select_in_s3{"contents_in_s3", R"sql(
  select encode(sha256, 'hex') as sha256, size, generation, state, storage,
         coalesce(node, '') as node, coalesce(multipart_id, '') as multipart_id
    from content
   where storage = 's3' and state in ('stored', 'lost') and ($1::bytea is null or sha256 > $1::bytea)
   order by sha256 limit $2::integer)sql"};

constexpr pg::Statement select_content_of{"content_of_operation", R"sql(
  select r.key from operation o join resource r on r.id = o.resource_id
   where o.id = $1::uuid and r.kind = 'content')sql"};

constexpr pg::Statement call_store_record{"file_store_record", R"sql(
  select file_store_record($1::uuid, $2::bytea, $3::text, $4::text, $5::smallint, null) as is_new)sql",
                                          true};

constexpr pg::Statement select_store{"find_file_store", R"sql(
  select o.id from resource r join operation o on o.resource_id = r.id
   where r.kind = 'content' and r.key = $1::text and o.finished_at is null
   order by o.arrival limit 1)sql"};

constexpr pg::Statement call_pending{"file_contents_pending", R"sql(
  select encode(s, 'hex') as sha256
    from file_contents_pending($1::text, $2::bytea, $3::integer) s)sql"};

constexpr pg::Statement call_multipart{"file_content_multipart", R"sql(
  select file_content_multipart($1::bytea, $2::integer, $3::text) as is_good)sql"};

constexpr pg::Statement call_stored{"file_content_stored", R"sql(
  select file_content_stored($1::bytea, $2::integer) as is_good)sql",
                                    true};

constexpr pg::Statement call_lose{"file_content_lose", R"sql(
  select file_content_lose($1::bytea, $2::integer) as is_good)sql"};

constexpr pg::Statement call_deleting{"file_content_deleting", R"sql(
  select file_content_deleting($1::bytea, $2::integer) = 'deleting' as is_good)sql"};

constexpr pg::Statement call_deleted{"file_content_deleted", R"sql(
  select file_content_deleted($1::bytea, $2::integer) as is_good)sql"};

constexpr pg::Statement call_to_s3{"file_contents_to_s3", R"sql(
  select encode(s, 'hex') as sha256 from file_contents_to_s3($1::text, $2::integer) s)sql"};

constexpr pg::Statement call_to_disk{"file_content_to_disk", R"sql(
  select file_content_to_disk($1::bytea, $2::integer, $3::text) as is_good)sql"};

constexpr pg::Statement select_objects_without_row{"objects_without_row", R"sql(
  select o.position
    from unnest($1::text[], $2::text[]) with ordinality as o (sha256, generation, position)
   where not exists (select from content c
                      where c.sha256 = decode(o.sha256, 'hex') and c.storage = 's3'
                        and c.generation = o.generation::integer)
   order by o.position)sql"};

constexpr pg::Statement call_objects_doom{"file_objects_doom", R"sql(
  select file_objects_doom(array_agg(decode(o.sha256, 'hex') order by o.n),
                           array_agg(o.size::bigint order by o.n),
                           array_agg(o.generation::integer order by o.n)) as count
    from unnest($1::text[], $2::text[], $3::text[])
         with ordinality as o (sha256, size, generation, n))sql"};

constexpr pg::Statement select_multipart{"is_multipart_known", R"sql(
  select exists (select from content where storage = 's3' and multipart_id = $1::text) as is_there)sql"};

constexpr pg::Statement call_forget{"file_resources_forget", R"sql(
  select file_resources_forget($1::integer) as count)sql"};

constexpr pg::Statement select_pause{"file_s3_pause", R"sql(
  select greatest(0, extract(epoch from not_before - clock_timestamp()) * 1000)::bigint as left,
         reason, hint, begun_at
    from file_s3_pause)sql",
                                     true};

constexpr pg::Statement call_pause{"file_s3_pause_note", R"sql(
  select file_s3_pause_note($1::text, $2::text, make_interval(secs => $3::bigint)))sql",
                                   true};

constexpr pg::Statement call_pause_end{"file_s3_pause_end", R"sql(
  select file_s3_pause_end())sql"};

pg::Bytes digest_parameter(const base::Sha256& sha256) {
  return {base::view_of(sha256)};
}

std::optional<pg::Bytes> maybe_digest(const std::optional<base::Sha256>& sha256) {
  if (!sha256) return std::nullopt;
  return digest_parameter(*sha256);
}

base::Sha256 digest_in(std::string_view hex) {
  base::Sha256 sha256{};
  if (!base::read_hex(hex, sha256))
    throw base::Error(base::ErrorKind::internal, "unable to read a digest of the database");
  return sha256;
}

std::vector<base::Sha256> digests_in(const pg::Result& rows) {
  std::vector<base::Sha256> digests;
  for (const auto row : rows)
    digests.push_back(digest_in(row.view("sha256")));
  return digests;
}

Placed placed_of(const pg::Row& row) {
  return {digest_in(row.view("sha256")), row.integer("size"),
          row.integer("generation"),     row.text("state"),
          row.text("storage"),           row.text("node"),
          row.text("multipart_id")};
}

bool is_good(const pg::Result& rows) {
  return rows[0].boolean("is_good");
}

}  // namespace

std::optional<Placed> find_placed(pg::Connection& connection, const base::Sha256& sha256) {
  const auto found = connection.maybe(select_placed, pg::Params(digest_parameter(sha256)));
  if (!found) return std::nullopt;
  return placed_of((*found)[0]);
}

base::Sha256 content_of(pg::Connection& connection, const base::OperationId& operation) {
  return digest_in(connection.one(select_content_of, pg::Params(operation.text()))[0].view("key"));
}

std::optional<base::OperationId> record_store(pg::Connection& connection,
                                              const base::Sha256& sha256, const std::string& node,
                                              queue::Source source) {
  const auto id = base::system_random().uuid();
  const auto found = connection.one(
      call_store_record,
      pg::Params(id, digest_parameter(sha256), node, queue::to_string(source), store_priority));
  if (!found[0].boolean("is_new")) return std::nullopt;
  return base::OperationId::trusted(id);
}

std::optional<base::OperationId> find_store(pg::Connection& connection,
                                            const base::Sha256& sha256) {
  const auto found = connection.maybe(select_store, pg::Params(base::to_hex(sha256)));
  if (!found) return std::nullopt;
  return base::OperationId::trusted((*found)[0].text("id"));
}

std::vector<base::Sha256> pending_contents(pg::Connection& connection, const std::string& node,
                                           const std::optional<base::Sha256>& behind, int limit) {
  return digests_in(connection.query(call_pending, pg::Params(node, maybe_digest(behind), limit)));
}

bool note_multipart(pg::Connection& connection, const Placed& content,
                    const std::string& multipart_id) {
  return is_good(connection.one(call_multipart, pg::Params(digest_parameter(content.sha256),
                                                           content.generation, multipart_id)));
}

bool note_stored(pg::Connection& connection, const Placed& content) {
  return is_good(connection.one(call_stored,
                                pg::Params(digest_parameter(content.sha256), content.generation)));
}

bool note_lost(pg::Connection& connection, const Placed& content) {
  return is_good(
      connection.one(call_lose, pg::Params(digest_parameter(content.sha256), content.generation)));
}

bool note_deleting(pg::Connection& connection, const Placed& content) {
  return is_good(connection.one(call_deleting,
                                pg::Params(digest_parameter(content.sha256), content.generation)));
}

bool note_deleted(pg::Connection& connection, const Placed& content) {
  return is_good(connection.one(call_deleted,
                                pg::Params(digest_parameter(content.sha256), content.generation)));
}

std::vector<base::Sha256> begin_move_to_s3(pg::Connection& connection, const std::string& node,
                                           int limit) {
  return digests_in(connection.query(call_to_s3, pg::Params(node, limit)));
}

bool note_moved_to_disk(pg::Connection& connection, const Placed& content,
                        const std::string& node) {
  return is_good(connection.one(
      call_to_disk, pg::Params(digest_parameter(content.sha256), content.generation, node)));
}

std::vector<Placed> contents_in_s3(pg::Connection& connection,
                                   const std::optional<base::Sha256>& behind, int limit) {
  std::vector<Placed> contents;
  for (const auto row : connection.query(select_in_s3, pg::Params(maybe_digest(behind), limit)))
    contents.push_back(placed_of(row));
  return contents;
}

std::vector<ObjectName> objects_without_row(pg::Connection& connection,
                                            const std::vector<ObjectName>& found) {
  std::vector<std::string> digests, generations;
  for (const auto& object : found) {
    digests.push_back(base::to_hex(object.sha256));
    generations.push_back(std::to_string(object.generation));
  }
  std::vector<ObjectName> without;
  for (const auto row :
       connection.query(select_objects_without_row, pg::Params(digests, generations)))
    without.push_back(found.at(static_cast<std::size_t>(row.integer("position") - 1)));
  return without;
}

std::int64_t doom_objects(pg::Connection& connection, const std::vector<ObjectName>& objects) {
  if (objects.empty()) return 0;
  std::vector<std::string> digests, sizes, generations;
  for (const auto& object : objects) {
    digests.push_back(base::to_hex(object.sha256));
    sizes.push_back(std::to_string(object.size));
    generations.push_back(std::to_string(object.generation));
  }
  return connection.one(call_objects_doom, pg::Params(digests, sizes, generations))[0].integer(
      "count");
}

bool is_multipart_known(pg::Connection& connection, const std::string& multipart_id) {
  return connection.one(select_multipart, pg::Params(multipart_id))[0].boolean("is_there");
}

std::int64_t forget_resources(pg::Connection& connection, int limit) {
  return connection.one(call_forget, pg::Params(limit))[0].integer("count");
}

std::optional<S3Pause> s3_pause(pg::Connection& connection) {
  const auto found = connection.maybe(select_pause);
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  return S3Pause{std::chrono::milliseconds(row.integer("left")), row.text("reason"),
                 row.text("hint"), row.time("begun_at")};
}

void pause_s3(pg::Connection& connection, const std::string& reason, const std::string& hint) {
  connection.execute(call_pause, pg::Params(reason, hint, s3_pause_time.count()));
}

void end_s3_pause(pg::Connection& connection) {
  connection.execute(call_pause_end);
}

}  // namespace devy::files
