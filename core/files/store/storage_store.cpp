#include "core/files/store/storage_store.hpp"

#include "core/platform/base/hex.hpp"

namespace devy::files {
namespace {

constexpr pg::Statement select_storage{"find_file_storage", R"sql(
  select node, instance, kind, place from file_storage where node = $1::text)sql"};

constexpr pg::Statement select_storages{"list_file_storages", R"sql(
  select node, instance, kind, place from file_storage where kind = 'disk' order by node)sql",
                                        true};

constexpr pg::Statement insert_storage{"add_file_storage", R"sql(
  insert into file_storage as s (node, kind, place) values ($1::text, 'disk', $2::text)
  on conflict (node) do update set place = excluded.place
  returning node, instance, kind, place)sql"};

constexpr pg::Statement select_contents{"list_contents", R"sql(
  select encode(c.sha256, 'hex') as sha256, c.size, c.state,
         (select count(*) from file f where f.sha256 = c.sha256) as files
    from content c
   where c.storage = 'disk' and c.node = $1::text and ($2::bytea is null or c.sha256 > $2::bytea)
   order by c.sha256
   limit $3::integer)sql"};

constexpr pg::Statement select_content{"find_content", R"sql(
  select encode(c.sha256, 'hex') as sha256, c.size, c.state,
         (select count(*) from file f where f.sha256 = c.sha256) as files
    from content c where c.sha256 = $1::bytea)sql"};

constexpr pg::Statement select_content_locked{"lock_content", R"sql(
  select encode(c.sha256, 'hex') as sha256, c.size, c.state, 0::bigint as files
    from content c where c.sha256 = $1::bytea for update)sql"};

constexpr pg::Statement select_wrong_quotas{"wrong_file_quotas", R"sql(
  select o.id, o.login, o.bytes_used + o.bytes_reserved as bytes_used, o.files,
         coalesce(s.bytes, 0) + coalesce(r.bytes, 0) as counted_bytes,
         coalesce(s.files, 0) as counted_files
    from file_owner o
    left join (select owner_id, sum(size)::bigint as bytes, count(*) as files from file
                where state in ('checking', 'temporary', 'permanent') group by owner_id) s
      on s.owner_id = o.id
    left join (select u.owner_id, sum(coalesce(u.length, u.received))::bigint as bytes
                 from file_upload u join file f on f.id = u.file_id
                where f.state = 'receiving' group by u.owner_id) r
      on r.owner_id = o.id
   where (o.bytes_used, o.bytes_reserved, o.files)
           is distinct from (coalesce(s.bytes, 0), coalesce(r.bytes, 0), coalesce(s.files, 0))
   order by o.login)sql"};

constexpr pg::Statement lock_owner{"lock_file_owner", R"sql(
  select id from file_owner where id = $1::uuid for update)sql"};

constexpr pg::Statement update_quota{"repair_file_quota", R"sql(
  update file_owner o
     set (bytes_used, files) = (
           select coalesce(sum(f.size), 0), count(*) from file f
            where f.owner_id = o.id and f.state in ('checking', 'temporary', 'permanent')),
         bytes_reserved = (
           select coalesce(sum(coalesce(u.length, u.received)), 0)
             from file_upload u join file f on f.id = u.file_id
            where u.owner_id = o.id and f.state = 'receiving')
   where o.id = $1::uuid)sql"};

constexpr pg::Statement count_states{"count_contents", R"sql(
  select state, count(*) as count from content group by state)sql"};

Storage storage_of(const pg::Row& row) {
  return {row.text("node"), row.text("instance"), row.text("kind"), row.text("place")};
}

std::optional<Content> content_in(const std::optional<pg::Result>& found) {
  if (!found) return std::nullopt;
  return content_of((*found)[0]);
}

}  // namespace

Content content_of(const pg::Row& row) {
  Content content;
  static_cast<void>(base::read_hex(row.view("sha256"), content.sha256));
  content.size = row.integer("size");
  content.state = row.text("state");
  content.files = row.integer("files");
  return content;
}

std::optional<Storage> find_storage(pg::Connection& connection, const std::string& node) {
  const auto found = connection.maybe(select_storage, pg::Params(node));
  if (!found) return std::nullopt;
  return storage_of((*found)[0]);
}

std::vector<Storage> list_storages(pg::Connection& connection) {
  std::vector<Storage> storages;
  for (const auto row : connection.query(select_storages))
    storages.push_back(storage_of(row));
  return storages;
}

Storage add_storage(pg::Connection& connection, const std::string& node,
                    const std::string& directory) {
  return storage_of(connection.one(insert_storage, pg::Params(node, directory))[0]);
}

std::vector<Content> list_contents(pg::Connection& connection, const std::string& node,
                                   const std::optional<base::Sha256>& behind, int limit) {
  std::optional<pg::Bytes> after;
  if (behind) after = pg::Bytes{base::view_of(*behind)};
  std::vector<Content> contents;
  for (const auto row : connection.query(select_contents, pg::Params(node, after, limit)))
    contents.push_back(content_of(row));
  return contents;
}

std::optional<Content> find_content(pg::Connection& connection, const base::Sha256& sha256) {
  return content_in(connection.maybe(select_content, pg::Params(pg::Bytes{base::view_of(sha256)})));
}

std::optional<Content> lock_content(pg::Connection& connection, const base::Sha256& sha256) {
  return content_in(
      connection.maybe(select_content_locked, pg::Params(pg::Bytes{base::view_of(sha256)})));
}

std::vector<WrongQuota> wrong_quotas(pg::Connection& connection) {
  std::vector<WrongQuota> wrong;
  for (const auto row : connection.query(select_wrong_quotas))
    wrong.push_back({row.text("id"), row.text("login"), row.integer("bytes_used"),
                     row.integer("counted_bytes"), row.integer("files"),
                     row.integer("counted_files")});
  return wrong;
}

void repair_quota(pg::Connection& connection, const std::string& owner_id) {
  pg::Transaction transaction(connection);
  // The sum is taken by a later statement, which sees what the lock waited for.
  connection.execute(lock_owner, pg::Params(owner_id));
  connection.execute(update_quota, pg::Params(owner_id));
  transaction.commit();
}

std::vector<Figure> count_contents(pg::Connection& connection) {
  std::vector<Figure> figures;
  for (const auto row : connection.query(count_states))
    figures.push_back({row.text("state"), row.integer("count")});
  return figures;
}

}  // namespace devy::files
