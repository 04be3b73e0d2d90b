#include "core/platform/web/queue_state.hpp"

#include <charconv>

#include "core/platform/web/operation_list.hpp"

namespace devy::web {
namespace {

constexpr pg::Statement select_kinds{"console_kinds", R"sql(
  select m.kind,
         coalesce(sum(m.count) filter (where m.state = 'failed'), 0)::bigint as failed,
         array(select sum(h.n)
                 from operation_minute w, unnest(w.wait_hist) with ordinality h (n, place)
                where not w.is_hour and w.minute > now() - interval '1 hour'
                  and w.kind = m.kind and w.state = 'completed'
                group by h.place order by h.place)::text[] as wait,
         array(select sum(h.n)
                 from operation_minute w, unnest(w.run_hist) with ordinality h (n, place)
                where not w.is_hour and w.minute > now() - interval '1 hour'
                  and w.kind = m.kind and w.state = 'completed'
                group by h.place order by h.place)::text[] as run
    from operation_minute m
   where not m.is_hour and m.minute > now() - interval '24 hours'
   group by m.kind
   order by m.kind)sql"};

constexpr pg::Statement select_gates{"console_gates", R"sql(
  select 0 as sort, kind as id, kind as name, 'kind' as what, reason, null::timestamptz as not_before
    from kind_pause
  union all
  (select 1, id::text, key, kind, coalesce(paused_reason, ''), nullif(paused_until, 'infinity')
     from resource
    where paused_until is not null and paused_until > now()
    order by id desc limit 50)
  union all
  (select 2, owner, owner, direction::text, reason, nullif(not_before, 'infinity')
     from owner_gate
    where not_before > now()
    order by owner_gate.not_before limit 50)
  union all
  select 3, name, name, case when name like 'pipedrive/%' then 'the CRM' else 'GitHub''s API' end,
         reason, not_before
    from api_pause
   where not_before > now() and isfinite(not_before)
   order by sort, not_before, name
   limit 50)sql"};

constexpr pg::Statement select_errors{"console_errors", R"sql(
  select coalesce(error_code, 'failed') as code, count(*) as count,
         max(coalesce(finished_at, created_at)) as last_at
    from (select error_code, finished_at, created_at, state
            from operation
           where state in ('failed', 'held')
           order by arrival desc
           limit $1::integer) newest
   where state = 'failed' and finished_at > now() - interval '24 hours'
   group by 1
   order by 2 desc, 1
   limit 20)sql"};

// Both follow an index, and look at so many rows whatever the table holds.
constexpr pg::Statement select_ended{"console_ended", R"sql(
  select kind, state, count(*) as count, false as is_of_all
    from (select kind, state from operation where state in ('failed', 'held')
           order by arrival desc limit $1::integer) attention
   where state = 'failed'
   group by kind, state
  union all
  select kind, state, count(*), true
    from (select kind, state from operation order by arrival desc limit $1::integer) newest
   group by kind, state)sql"};

void read_ended(pg::Connection& connection, QueueState& state) {
  std::int64_t looked_at = 0;
  for (const auto row : connection.query(select_ended, pg::Params(counted_max + 1))) {
    const auto count = row.integer("count");
    if (row.boolean("is_of_all")) looked_at += count;
    const auto word = row.text("state");
    const auto known = queue::parse_state(word);
    if (!known || !queue::is_terminal(*known)) continue;
    if ((word == "failed") == row.boolean("is_of_all")) continue;
    state.ended.push_back({row.text("kind"), word, count});
  }
  state.is_all_ended = looked_at <= counted_max;
}

queue::Histogram read_histogram(const std::vector<std::string>& counts) {
  queue::Histogram histogram{};
  for (std::size_t n = 0; n < counts.size() && n < histogram.size(); ++n)
    std::from_chars(counts[n].data(), counts[n].data() + counts[n].size(), histogram[n]);
  return histogram;
}

}  // namespace

std::vector<ClosedGate> read_gates(pg::Connection& connection) {
  std::vector<ClosedGate> gates;
  for (const auto row : connection.query(select_gates))
    gates.push_back({static_cast<GateSort>(row.integer("sort")), row.text("id"), row.text("name"),
                     row.text("what"), row.text("reason"), row.maybe_time("not_before")});
  return gates;
}

QueueState read_queue_state(pg::Connection& connection) {
  QueueState state;
  for (const auto row : connection.query(select_kinds))
    state.kinds.push_back({row.text("kind"), row.integer("failed"),
                           read_histogram(row.texts("wait")), read_histogram(row.texts("run"))});
  state.gates = read_gates(connection);
  for (const auto row : connection.query(select_errors, pg::Params(operations_looked_at_max)))
    state.errors.push_back({row.text("code"), row.integer("count"), row.time("last_at")});
  read_ended(connection, state);
  return state;
}

}  // namespace devy::web
