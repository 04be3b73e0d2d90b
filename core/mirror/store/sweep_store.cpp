#include "core/mirror/store/sweep_store.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement count_unseen{"count_mirror_unseen", R"sql(
  select (select count(*) from mirror_unseen($1::text, $2::bigint, $3::timestamptz)) as unseen,
         case when $1::text = 'pulls' then (
           select count(*) from github.issue i
            where i.repository_id = $2::bigint and i.is_pull_request and i.deleted_at is null
              and i.created_at < $3::timestamptz
              and not exists (select from github.pull_request p
                               where p.repository_id = i.repository_id and p.number = i.number)) else 0 end as missing,
         (select count(*) from mirror_unseen($1::text, $2::bigint, 'infinity')
           where (select count(*) from mirror_unseen($1::text, $2::bigint, $3::timestamptz, 0, 101)) > 100) as rows)sql"};

constexpr pg::Statement select_unseen{"next_mirror_unseen", R"sql(
  select o_id, o_key from mirror_unseen($1::text, $2::bigint, $3::timestamptz, $4::bigint, 1))sql"};

constexpr pg::Statement call_row_id{"mirror_row_id", R"sql(
  select mirror_row_id($1::bigint, $2::text, $3::text) as id)sql"};

constexpr pg::Statement select_missing{"next_missing_pull", R"sql(
  select i.number
  from github.issue i
  where i.repository_id = $1::bigint and i.is_pull_request and i.deleted_at is null
    and i.created_at < $2::timestamptz and i.number > $3::integer
    and not exists (select from github.pull_request p
                     where p.repository_id = i.repository_id and p.number = i.number)
  order by i.number
  limit 1)sql"};

constexpr pg::Statement update_sweeping{"begin_mirror_sweep", R"sql(
  update mirror_scan set phase = 'sweeping', candidates = $2::integer
  where id = $1::uuid and finished_at is null)sql"};

constexpr pg::Statement call_end_row{"mirror_end_row", R"sql(
  select mirror_end_row($1::text, $2::bigint, $3::text, $4::timestamptz,
    (select id from github.repository where lower(full_name) = lower($5::text) and deleted_at is null
      order by is_mirrored desc limit 1), $6::integer, $7::bigint) as is_ended)sql"};

constexpr pg::Statement update_gone{"add_mirror_gone", R"sql(
  update mirror_scan set gone = gone + $2::integer, requests = requests + $3::integer
  where id = $1::uuid)sql"};

}  // namespace

Candidates count_candidates(pg::Connection& connection, const Scan& scan) {
  const auto rows = connection.one(count_unseen, pg::Params(scan.list, scan.repository_id,
                                                            base::format_rfc3339(scan.started_at)));
  return {rows[0].integer("unseen"), rows[0].integer("missing"), rows[0].integer("rows")};
}

std::optional<Unseen> next_unseen(pg::Connection& connection, const Scan& scan,
                                  std::int64_t after_id) {
  const auto rows = connection.query(
      select_unseen,
      pg::Params(scan.list, scan.repository_id, base::format_rfc3339(scan.started_at), after_id));
  if (rows.empty()) return std::nullopt;
  return Unseen{rows[0].integer("o_id"), rows[0].text("o_key")};
}

std::optional<Unseen> find_row(pg::Connection& connection, std::int64_t repository_id,
                               const std::string& list, const std::string& key) {
  const auto id =
      connection.one(call_row_id, pg::Params(repository_id, list, key))[0].maybe_integer("id");
  if (!id) return std::nullopt;
  return Unseen{*id, key};
}

std::optional<std::int64_t> next_missing_pull(pg::Connection& connection, const Scan& scan,
                                              std::int64_t after_number) {
  const auto rows = connection.query(
      select_missing,
      pg::Params(scan.repository_id, base::format_rfc3339(scan.started_at), after_number));
  if (rows.empty()) return std::nullopt;
  return rows[0].integer("number");
}

void begin_sweep(pg::Connection& connection, const Scan& scan, std::int64_t candidates) {
  connection.execute(update_sweeping, pg::Params(scan.id, candidates));
}

bool end_row(pg::Connection& connection, const RowEnd& end, const RowObservers& observers) {
  const auto number = end.moved_number == 0 ? std::nullopt : std::optional(end.moved_number);
  const bool is_ended =
      connection
          .one(call_end_row,
               pg::Params(end.list, end.id, end.reason, base::format_rfc3339(end.at),
                          base::unless_empty(end.moved_to), number, end.repository_id))[0]
          .boolean("is_ended");
  if (is_ended) tell_observers(connection, observers);
  return is_ended;
}

void add_gone(pg::Connection& connection, const std::string& scan, int gone, int requests) {
  connection.execute(update_gone, pg::Params(scan, gone, requests));
}

}  // namespace devy::mirror
