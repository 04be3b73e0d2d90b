#include "core/files/store/owner_store.hpp"

#include "core/platform/base/unless_empty.hpp"

namespace devy::files {
namespace {

constexpr pg::Statement select_owners{"list_file_owners", R"sql(
  select id, login, bytes_used + bytes_reserved as bytes, files, bytes_max, files_max, blocked_at,
         coalesce(blocked_reason, '') as blocked_reason
    from file_owner order by bytes desc, login, id limit $1::integer)sql"};

constexpr pg::Statement select_owner{"find_file_owner_row", R"sql(
  select id, login, bytes_used + bytes_reserved as bytes, files, bytes_max, files_max, blocked_at,
         coalesce(blocked_reason, '') as blocked_reason
    from file_owner where id = $1::uuid)sql"};

constexpr pg::Statement update_limits{"set_file_quota", R"sql(
  update file_owner set bytes_max = $2::bigint, files_max = $3::bigint where id = $1::uuid)sql"};

constexpr pg::Statement update_blocked{"set_file_owner_blocked", R"sql(
  update file_owner set blocked_at = case when $2::boolean then clock_timestamp() end, blocked_reason = $3::text
   where id = $1::uuid and (blocked_at is not null) <> $2::boolean
  returning id)sql"};

constexpr pg::Statement select_states{"count_files", R"sql(
  select state, count(*) as count from file group by state)sql"};

constexpr pg::Statement select_sums{"sum_contents", R"sql(
  select count(*) as contents, coalesce(sum(c.size), 0)::bigint as bytes,
         coalesce(sum(c.size * greatest(f.files - 1, 0)), 0)::bigint as shared_bytes
    from content c
    left join (select sha256, count(*) as files from file where sha256 is not null group by sha256) f
      on f.sha256 = c.sha256
   where c.state in ('staged', 'stored'))sql"};

constexpr pg::Statement select_pending{"pending_files", R"sql(
  select 'store' as kind, count(*) as count,
         coalesce(extract(epoch from clock_timestamp() - min(verified_at)), 0)::bigint as age
    from content where state = 'staged'
  union all
  select 'delete', count(*),
         coalesce(extract(epoch from clock_timestamp() - min(unused_since)), 0)::bigint
    from content where state in ('doomed', 'deleting')
  union all
  select 'check', count(*), coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::bigint
    from file where state = 'checking'
  union all
  select 'assemble', count(*), coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::bigint
    from file where state = 'assembling')sql",
                                       true};

Owner owner_of(const pg::Row& row) {
  Owner owner;
  owner.id = OwnerId::trusted(row.text("id"));
  owner.login = row.text("login");
  owner.bytes = row.integer("bytes");
  owner.files = row.integer("files");
  owner.bytes_max = row.maybe_integer("bytes_max");
  owner.files_max = row.maybe_integer("files_max");
  owner.blocked_at = row.maybe_time("blocked_at");
  owner.blocked_reason = row.text("blocked_reason");
  return owner;
}

}  // namespace

std::vector<Owner> list_owners(pg::Connection& connection, int limit) {
  std::vector<Owner> owners;
  for (const auto row : connection.query(select_owners, pg::Params(limit)))
    owners.push_back(owner_of(row));
  return owners;
}

std::optional<Owner> find_owner_row(pg::Connection& connection, const OwnerId& id) {
  const auto found = connection.maybe(select_owner, pg::Params(id.text()));
  if (!found) return std::nullopt;
  return owner_of((*found)[0]);
}

void set_quota(pg::Connection& connection, const OwnerId& id,
               const std::optional<std::int64_t>& bytes_max,
               const std::optional<std::int64_t>& files_max) {
  connection.execute(update_limits, pg::Params(id.text(), bytes_max, files_max));
}

bool set_blocked(pg::Connection& connection, const OwnerId& id, bool is_blocked,
                 const std::string& reason) {
  return connection
      .maybe(update_blocked, pg::Params(id.text(), is_blocked, base::unless_empty(reason)))
      .has_value();
}

FileStatistics read_statistics(pg::Connection& connection) {
  FileStatistics statistics;
  for (const auto row : connection.query(select_states))
    statistics.files[row.text("state")] = row.integer("count");
  const auto sums = connection.one(select_sums);
  statistics.contents = sums[0].integer("contents");
  statistics.bytes = sums[0].integer("bytes");
  statistics.shared_bytes = sums[0].integer("shared_bytes");
  return statistics;
}

std::vector<PendingFiles> pending_files(pg::Connection& connection) {
  std::vector<PendingFiles> pending;
  for (const auto row : connection.query(select_pending))
    pending.push_back({row.text("kind"), row.integer("count"), row.integer("age")});
  return pending;
}

}  // namespace devy::files
