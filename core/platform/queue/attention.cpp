#include "core/platform/queue/attention.hpp"

namespace devy::queue {
namespace {

// Jumps from lane to lane and from priority to priority on operation_claim.
constexpr pg::Statement select_longest_due{"select_longest_due", R"sql(
  with recursive lanes as (
    (select lane::text as lane from operation where state = 'verified' order by lane limit 1)
    union all
    select (select o.lane::text from operation o
             where o.state = 'verified' and o.lane > l.lane order by o.lane limit 1)
      from lanes l
     where l.lane is not null)
  select d.id, d.kind, d.owner, d.run_at as since, null::text as error_code, null::text as error_text
    from lanes l
   cross join unnest(lane_priorities(l.lane)) as p (priority)
   cross join lateral (
      select o.id, o.kind, o.owner, o.run_at from operation o
       where o.state = 'verified' and o.lane = l.lane and o.priority = p.priority
         and o.run_at <= clock_timestamp()
       order by o.run_at limit 1) d
   where l.lane is not null
   order by d.run_at
   limit 1)sql"};

constexpr pg::Statement select_newest_held{"select_newest_held", R"sql(
  select id, kind, owner, created_at as since, error_code, error_text
    from (select id, kind, owner, created_at, error_code, error_text, state, arrival
            from operation
           where state in ('failed', 'held')
           order by arrival desc
           limit $1::integer) looked_at
   where state = 'held'
   order by arrival desc
   limit $2::integer)sql"};

// Each is compared with the newest of its resource that has run to an end.
constexpr pg::Statement select_newest_failing{"select_newest_failing", R"sql(
  select f.id, f.kind, f.owner, coalesce(f.finished_at, f.created_at) as since, f.error_code,
         f.error_text
    from (select id, kind, owner, created_at, finished_at, error_code, error_text, state, arrival,
                 resource_id, direction
            from operation
           where state in ('failed', 'held')
           order by arrival desc
           limit $1::integer) f
   cross join lateral (
      select n.id from operation n
       where n.resource_id = f.resource_id and n.direction = f.direction
         and n.state in ('completed', 'failed')
       order by n.arrival desc limit 1) newest
   where f.state = 'failed' and newest.id = f.id
   order by f.arrival desc
   limit $2::integer)sql"};

constexpr pg::Statement select_newest_of_resources{"select_newest_of_resources", R"sql(
  select r.id as resource, newest.id
    from (select unnest($1::bigint[]) as id limit 100) r
   cross join lateral (
      select o.id from operation o
       where o.resource_id = r.id
       order by o.arrival desc limit 1) newest)sql"};

Noticed read_noticed(const pg::Row& row) {
  return {row.text("id"),
          row.text("kind"),
          row.text("owner"),
          row.time("since"),
          row.maybe_text("error_code"),
          row.maybe_text("error_text")};
}

std::vector<Noticed> read_all(const pg::Result& rows) {
  std::vector<Noticed> noticed;
  for (const auto row : rows)
    noticed.push_back(read_noticed(row));
  return noticed;
}

}  // namespace

std::optional<Noticed> longest_due(pg::Connection& connection) {
  const auto found = connection.maybe(select_longest_due);
  if (!found) return std::nullopt;
  return read_noticed((*found)[0]);
}

std::vector<Noticed> newest_held(pg::Connection& connection, int limit) {
  return read_all(connection.query(select_newest_held, pg::Params(attention_looked_at_max, limit)));
}

std::vector<Noticed> newest_failing(pg::Connection& connection, int limit) {
  return read_all(
      connection.query(select_newest_failing, pg::Params(attention_looked_at_max, limit)));
}

std::map<ResourceId, std::string> newest_of_resources(pg::Connection& connection,
                                                      const std::vector<std::string>& resources) {
  std::map<ResourceId, std::string> newest;
  if (resources.empty()) return newest;
  for (const auto row : connection.query(select_newest_of_resources, pg::Params(resources)))
    newest[row.integer("resource")] = row.text("id");
  return newest;
}

}  // namespace devy::queue
