#include "core/mirror/store/console_store.hpp"

#include "core/mirror/store/repository_row.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement call_row_counts_of{"mirror_row_counts_of", R"sql(
  select o_repository_id, o_list, o_rows, o_unsettled from mirror_row_counts($1::bigint[]))sql"};

constexpr pg::Statement call_hook_states{"mirror_hook_states", R"sql(
  select o_repository_id, o_hook_id, o_state, o_last_ping_at from mirror_hook_states($1::bigint[]))sql"};

constexpr pg::Statement select_overseen{"select_overseen_repositories", R"sql(
  select r.*, not o.is_other as is_own, coalesce(u.can_admin, false) as is_admin
  from github.repository r
  cross join lateral (select lower(r.owner_login) <> lower($3::text) as is_other) o
  left join github.user_repository u
    on u.repository_id = r.id and u.user_id = $1::bigint and u.can_admin and u.deleted_at is null
   and u.last_replicated_via_api_at > clock_timestamp() - make_interval(secs => $2::float8)
  where (u.can_admin or ($4::boolean and r.is_mirrored)) and r.deleted_at is null
    and ($5::text = ''
         or (o.is_other, lower(r.owner_login), lower(r.name))
            > (lower(split_part($5::text, '/', 1)) <> lower($3::text), lower(split_part($5::text, '/', 1)),
               lower(split_part($5::text, '/', 2))))
  order by o.is_other, lower(r.owner_login), lower(r.name)
  limit $6::integer)sql"};

constexpr pg::Statement count_unconfirmed{"count_unconfirmed_rights", R"sql(
  select count(*) as repositories
  from github.user_repository
  where user_id = $1::bigint and can_admin and deleted_at is null
    and coalesce(last_replicated_via_api_at, '-infinity')
        <= clock_timestamp() - make_interval(secs => $2::float8))sql"};

// Few operations wait or run, and indexes of their own find them.
constexpr pg::Statement select_open_operations{"select_open_mirror_operations", R"sql(
  select m.repository_id, o.id, o.created_at, coalesce(o.requested_by, '') as requested_by, o.state,
         split_part(m.target, '/', 3) as list
  from (select id, kind, source, priority, created_at, requested_by, state
        from operation
        where state in ('received', 'verified', 'held')
        union all
        select id, kind, source, priority, created_at, requested_by, state
        from operation
        where state in ('scheduled', 'processing')) o
  join mirror_operation m on m.operation_id = o.id
  where o.kind in ('mirror_fetch', 'mirror_scan', 'mirror_part', 'mirror_sweep')
    and o.source in ('api', 'operator') and o.priority <= $2::smallint and m.repository_id = any($1::bigint[])
    and (o.kind <> 'mirror_fetch' or split_part(m.target, '/', 3) = '')
  order by o.created_at, o.id)sql"};

constexpr pg::Statement select_open_scans{"select_open_mirror_scans", R"sql(
  select repository_id, list, items, applied, items_expected
  from mirror_scan
  where repository_id = any($1::bigint[]) and finished_at is null)sql"};

constexpr pg::Statement select_last_switches{"select_last_hook_switches", R"sql(
  select m.repository_id, o.id, m.hook_act, o.state, coalesce(o.error_text, '') as error_text,
         coalesce(o.error_hint, '') as error_hint
  from resource r
  join operation o on o.id = r.newest_operation_id
  join mirror_operation m on m.operation_id = o.id
  where r.kind = 'mirror_hook' and r.key = any($1::text[]))sql"};

std::vector<std::string> texts_of_numbers(const std::vector<std::int64_t>& ids) {
  std::vector<std::string> texts;
  for (const auto id : ids)
    texts.push_back(std::to_string(id));
  return texts;
}

OpenList& list_of(OpenLoad& load, const std::string& name) {
  for (auto& list : load.lists)
    if (list.list == name) return list;
  auto& list = load.lists.emplace_back();
  list.list = name;
  return list;
}

}  // namespace

std::map<std::int64_t, RowCounts> count_rows_of(pg::Connection& connection,
                                                const std::vector<std::int64_t>& ids) {
  std::map<std::int64_t, RowCounts> counts;
  for (const auto row : connection.query(call_row_counts_of, pg::Params(texts_of_numbers(ids)))) {
    auto& count = counts[row.integer("o_repository_id")];
    count.rows.emplace(row.text("o_list"), row.integer("o_rows"));
    count.unsettled += row.integer("o_unsettled");
  }
  return counts;
}

std::map<std::int64_t, HookState> hook_states(pg::Connection& connection,
                                              const std::vector<std::int64_t>& ids) {
  std::map<std::int64_t, HookState> states;
  for (const auto row : connection.query(call_hook_states, pg::Params(texts_of_numbers(ids))))
    states.emplace(row.integer("o_repository_id"),
                   HookState{row.maybe_integer("o_hook_id"), row.text("o_state"),
                             row.maybe_time("o_last_ping_at")});
  return states;
}

std::vector<OverseenRepository> list_overseen(pg::Connection& connection, const Overseer& overseer,
                                              const std::string& after, int limit) {
  std::vector<OverseenRepository> overseen;
  for (const auto row : connection.query(
           select_overseen,
           pg::Params(overseer.reader.github_id,
                      static_cast<std::int64_t>(overseer.reader.access_max_age.count()),
                      overseer.login, overseer.is_all, after, limit)))
    overseen.push_back({read_repository(row), row.boolean("is_own"), row.boolean("is_admin")});
  return overseen;
}

std::int64_t count_unconfirmed_rights(pg::Connection& connection, const Reader& reader) {
  if (!reader.github_id) return 0;
  return connection
      .one(count_unconfirmed, pg::Params(*reader.github_id, static_cast<std::int64_t>(
                                                                reader.access_max_age.count())))[0]
      .integer("repositories");
}

std::map<std::int64_t, OpenLoad> open_loads(pg::Connection& connection,
                                            const std::vector<std::int64_t>& ids) {
  std::map<std::int64_t, OpenLoad> loads;
  for (const auto row :
       connection.query(select_open_operations, pg::Params(texts_of_numbers(ids), load_priority))) {
    auto& load = loads[row.integer("repository_id")];
    if (load.lists.empty()) load.since = row.time("created_at");
    if (load.requested_by.empty()) load.requested_by = row.text("requested_by");
    auto& list = list_of(load, row.text("list"));
    const auto state = queue::parse_state(row.view("state")).value();
    list.is_held = list.is_held || state == queue::State::held;
    list.is_running =
        list.is_running || state == queue::State::scheduled || state == queue::State::processing;
  }
  if (loads.empty()) return loads;
  for (const auto row : connection.query(select_open_scans, pg::Params(texts_of_numbers(ids)))) {
    const auto load = loads.find(row.integer("repository_id"));
    if (load == loads.end()) continue;
    auto& list = list_of(load->second, row.text("list"));
    list.is_running = !list.is_held;
    list.items = row.integer("items");
    list.applied = row.integer("applied");
    list.items_expected = row.maybe_integer("items_expected");
  }
  return loads;
}

std::vector<base::OperationId> open_operations(pg::Connection& connection, std::int64_t id) {
  std::vector<base::OperationId> operations;
  for (const auto row :
       connection.query(select_open_operations, pg::Params(texts_of_numbers({id}), load_priority)))
    operations.push_back(base::OperationId::trusted(row.text("id")));
  return operations;
}

std::map<std::int64_t, LastSwitch> last_switches(pg::Connection& connection,
                                                 const std::vector<std::int64_t>& ids) {
  std::map<std::int64_t, LastSwitch> switches;
  for (const auto row : connection.query(select_last_switches, pg::Params(texts_of_numbers(ids))))
    switches.emplace(row.integer("repository_id"),
                     LastSwitch{row.text("id"), row.text("hook_act"),
                                queue::parse_state(row.view("state")).value(),
                                row.text("error_text"), row.text("error_hint")});
  return switches;
}

}  // namespace devy::mirror
