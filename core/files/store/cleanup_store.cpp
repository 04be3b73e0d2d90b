#include "core/files/store/cleanup_store.hpp"

#include "core/platform/base/hex.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::files {
namespace {

constexpr int cleanup_priority = 100;
constexpr int scrub_priority = 200;  // nobody waits for it

constexpr pg::Statement call_expire_uploads{"file_expire_uploads", R"sql(
  select file_expire_uploads($1::text, $2::integer) as count)sql"};

constexpr pg::Statement call_expire_files{"file_expire_files", R"sql(
  select file_expire_files($1::integer) as count)sql"};

constexpr pg::Statement call_expire_tokens{"file_expire_tokens", R"sql(
  select file_expire_tokens($1::integer) as count)sql"};

constexpr pg::Statement call_purge{"file_purge", R"sql(
  select file_purge(make_interval(secs => $1::bigint), $2::integer) as count)sql"};

constexpr pg::Statement call_doom{"file_doom", R"sql(
  select file_doom($1::text, $2::boolean, $3::integer) as count)sql"};

constexpr pg::Statement select_doomed{"doomed_contents", R"sql(
  select encode(sha256, 'hex') as sha256 from content
   where state = 'doomed' and node = $1::text and storage = 'disk'
     and ($2::bytea is null or sha256 > $2::bytea)
   order by sha256 limit $3::integer)sql"};

constexpr pg::Statement call_content_delete{"file_content_delete", R"sql(
  select file_content_delete($1::bytea, $2::text) as outcome)sql",
                                            true};

constexpr pg::Statement select_without_row{"contents_without_row", R"sql(
  select o.position from unnest($1::text[]) with ordinality as o (sha256, position)
   where not exists (select from content c where c.sha256 = decode(o.sha256, 'hex'))
   order by o.position)sql"};

constexpr pg::Statement call_orphans_doom{"file_orphans_doom", R"sql(
  select file_orphans_doom(array(select decode(o.sha256, 'hex') from unnest($1::text[])
                                   with ordinality as o (sha256, n) order by o.n),
                           array(select o.size::bigint from unnest($2::text[])
                                   with ordinality as o (size, n) order by o.n), $3::text) as count)sql"};

constexpr pg::Statement select_upload{"is_file_upload", R"sql(
  select exists (select from file_upload u join file f on f.id = u.file_id
                  where u.file_id = $1::uuid and f.state in ('receiving', 'assembling')) as is_there)sql"};

constexpr pg::Statement call_due{"file_cleanup_due", R"sql(
  select * from file_cleanup_due($1::text, make_interval(secs => $2::bigint)))sql"};

constexpr pg::Statement select_to_scrub{"content_to_scrub", R"sql(
  select encode(sha256, 'hex') as sha256, size, state, 0::bigint as files from content
   where state = 'stored'
     and ((storage = 'disk' and node = $1::text) or (storage = 's3' and $3::boolean))
     and (verified_at is null or verified_at <= clock_timestamp() - make_interval(secs => $2::bigint))
   order by verified_at nulls first limit 1)sql"};

constexpr pg::Statement update_scrubbed{"note_content_scrubbed", R"sql(
  update content
     set state = case when $2::boolean then state else 'lost' end,
         verified_at = case when $2::boolean then clock_timestamp() end
   where sha256 = $1::bytea and state = 'stored')sql"};

constexpr pg::Statement call_node_record{"file_node_record", R"sql(
  select o_id, o_is_joined
    from file_node_record($1::uuid, $2::text, $3::text, $4::text, $5::smallint, $6::text))sql"};

constexpr pg::Statement select_is_due{"is_file_operation_due", R"sql(
  select not exists (
    select from resource r join operation o on o.id = r.newest_operation_id
     where r.kind = case $1::text when 'file_cleanup' then 'file_node' else $1::text end
       and r.key = $2::text
       and ((o.finished_at is null and not file_is_held_long(o))
            or o.finished_at > clock_timestamp() - make_interval(secs => $3::bigint))) as is_due)sql"};

constexpr pg::Statement select_cleanup_state{"file_cleanup_state", R"sql(
  select o.state from resource r join operation o on o.id = r.newest_operation_id
   where r.kind = 'file_node' and r.key = $1::text)sql"};

constexpr pg::Statement select_node{"node_of_file_operation", R"sql(
  select r.key from operation o join resource r on r.id = o.resource_id where o.id = $1::uuid)sql"};

constexpr pg::Statement select_subjects{"subjects_of_file_operations", R"sql(
  select o.id, case r.kind when 'content' then 'content ' || left(r.key, 12)
                           else 'files of node ' || r.key end as subject
    from operation o join resource r on r.id = o.resource_id
   where o.id = any ($1::uuid[]) and r.kind in ('file_node', 'file_scrub', 'content'))sql"};

std::int64_t count_in(const pg::Result& rows) {
  return rows[0].integer("count");
}

pg::Bytes digest_bytes(const base::Sha256& sha256) {
  return {base::view_of(sha256)};
}

std::vector<std::string> hex_of(const std::vector<Orphan>& orphans) {
  std::vector<std::string> texts;
  for (const auto& orphan : orphans)
    texts.push_back(base::to_hex(orphan.sha256));
  return texts;
}

}  // namespace

std::int64_t expire_uploads(pg::Connection& connection, const std::string& node, int limit) {
  return count_in(connection.one(call_expire_uploads, pg::Params(node, limit)));
}

std::int64_t expire_files(pg::Connection& connection, int limit) {
  return count_in(connection.one(call_expire_files, pg::Params(limit)));
}

std::int64_t expire_tokens(pg::Connection& connection, int limit) {
  return count_in(connection.one(call_expire_tokens, pg::Params(limit)));
}

std::int64_t purge_files(pg::Connection& connection, std::chrono::seconds keep, int limit) {
  return count_in(connection.one(call_purge, pg::Params(keep.count(), limit)));
}

std::int64_t doom_contents(pg::Connection& connection, const std::string& node, bool with_s3,
                           int limit) {
  return count_in(connection.one(call_doom, pg::Params(node, with_s3, limit)));
}

std::vector<base::Sha256> doomed_contents(pg::Connection& connection, const std::string& node,
                                          const std::optional<base::Sha256>& behind, int limit) {
  std::optional<pg::Bytes> after;
  if (behind) after = digest_bytes(*behind);
  std::vector<base::Sha256> contents;
  for (const auto row : connection.query(select_doomed, pg::Params(node, after, limit))) {
    base::Sha256 sha256{};
    if (base::read_hex(row.view("sha256"), sha256)) contents.push_back(sha256);
  }
  return contents;
}

bool delete_content(pg::Connection& connection, const base::Sha256& sha256,
                    const std::string& node) {
  return connection.one(call_content_delete, pg::Params(digest_bytes(sha256), node))[0].view(
             "outcome") == "deleted";
}

std::vector<Orphan> without_row(pg::Connection& connection, const std::vector<Orphan>& found) {
  std::vector<Orphan> orphans;
  for (const auto row : connection.query(select_without_row, pg::Params(hex_of(found))))
    orphans.push_back(found.at(static_cast<std::size_t>(row.integer("position") - 1)));
  return orphans;
}

std::int64_t doom_orphans(pg::Connection& connection, const std::vector<Orphan>& orphans,
                          const std::string& node) {
  std::vector<std::string> sizes;
  for (const auto& orphan : orphans)
    sizes.push_back(std::to_string(orphan.size));
  return count_in(connection.one(call_orphans_doom, pg::Params(hex_of(orphans), sizes, node)));
}

bool is_upload(pg::Connection& connection, const FileId& id) {
  return connection.one(select_upload, pg::Params(id.text()))[0].boolean("is_there");
}

CleanupDue cleanup_due(pg::Connection& connection, const std::string& node,
                       std::chrono::seconds keep) {
  const auto found = connection.one(call_due, pg::Params(node, keep.count()));
  const auto row = found[0];
  return {row.integer("o_uploads"), row.integer("o_files"),    row.integer("o_tokens"),
          row.integer("o_purged"),  row.integer("o_contents"), row.integer("o_bytes")};
}

std::optional<Content> content_to_scrub(pg::Connection& connection, const std::string& node,
                                        bool with_s3, std::chrono::seconds every) {
  const auto found = connection.maybe(select_to_scrub, pg::Params(node, every.count(), with_s3));
  if (!found) return std::nullopt;
  return content_of((*found)[0]);
}

void note_scrubbed(pg::Connection& connection, const base::Sha256& sha256, bool is_right) {
  connection.execute(update_scrubbed, pg::Params(digest_bytes(sha256), is_right));
}

RecordedOperation record_operation(pg::Connection& connection, const char* kind,
                                   const std::string& node, queue::Source source,
                                   const std::string& requested_by) {
  const int priority = std::string_view(kind) == cleanup_kind ? cleanup_priority : scrub_priority;
  const auto rows =
      connection.one(call_node_record,
                     pg::Params(base::system_random().uuid(), kind, node, queue::to_string(source),
                                priority, base::unless_empty(requested_by)));
  return {base::OperationId::trusted(rows[0].text("o_id")), rows[0].boolean("o_is_joined")};
}

bool is_operation_due(pg::Connection& connection, const char* kind, const std::string& node,
                      std::chrono::seconds every) {
  return connection.one(select_is_due, pg::Params(kind, node, every.count()))[0].boolean("is_due");
}

std::string cleanup_state(pg::Connection& connection, const std::string& node) {
  const auto found = connection.maybe(select_cleanup_state, pg::Params(node));
  return found ? (*found)[0].text("state") : std::string();
}

std::string node_of(pg::Connection& connection, const base::OperationId& operation) {
  return connection.one(select_node, pg::Params(operation.text()))[0].text("key");
}

std::map<std::string, std::string> operation_subjects(pg::Connection& connection,
                                                      const std::vector<std::string>& operations) {
  std::map<std::string, std::string> subjects;
  for (const auto row : connection.query(select_subjects, pg::Params(operations)))
    subjects.emplace(row.text("id"), row.text("subject"));
  return subjects;
}

}  // namespace devy::files
