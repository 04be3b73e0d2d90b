#include "core/sync/store/record_work.hpp"

namespace devy::sync {
namespace {

constexpr pg::Statement select_due_for_record{"select_due_for_record", R"sql(
  select o.id
    from sync_link l
    join sync_link n on n.id in (l.id, l.parent_id) or n.parent_id = l.parent_id
    join operation o on o.resource_id = n.resource_id and o.state = 'verified'
    left join owner_gate g on g.owner = o.owner and g.direction = o.direction
   where l.id = $1::uuid and o.run_at <= clock_timestamp()
     and coalesce(g.not_before, '-infinity') <= clock_timestamp()
   order by o.priority, o.arrival
   limit 1)sql"};

constexpr pg::Statement select_due_for_connection{"select_due_for_connection", R"sql(
  select o.id
    from project_repository c
    left join github.repository r on r.id = c.repository_id
    cross join lateral (
      select w.* from operation w where w.resource_id = c.resource_id and w.state = 'verified'
      union all
      select w.* from operation w join mirror_operation m on m.operation_id = w.id
       where w.state = 'verified'
         and (m.repository_id = c.repository_id or lower(m.target) = lower(coalesce(r.full_name, c.name))
              or starts_with(lower(m.target), lower(coalesce(r.full_name, c.name)) || '/'))
      union all
      select w.* from sync_link l join operation w on w.resource_id = l.resource_id
       where l.connection_id = c.id and w.state = 'verified') o
    left join owner_gate g on g.owner = o.owner and g.direction = o.direction
   where c.id = $1::uuid and o.run_at <= clock_timestamp()
     and coalesce(g.not_before, '-infinity') <= clock_timestamp()
   order by o.priority, o.arrival
   limit 1)sql"};

std::optional<base::OperationId> due_id(pg::Connection& connection, const pg::Statement& statement,
                                        const std::string& id) {
  const auto rows = connection.maybe(statement, pg::Params(id));
  if (!rows) return std::nullopt;
  return base::OperationId::trusted((*rows)[0].text("id"));
}

}  // namespace

std::optional<base::OperationId> due_for_record(pg::Connection& connection,
                                                const std::string& record_id) {
  return due_id(connection, select_due_for_record, record_id);
}

std::optional<base::OperationId> due_for_connection(pg::Connection& connection,
                                                    const std::string& connection_id) {
  return due_id(connection, select_due_for_connection, connection_id);
}

}  // namespace devy::sync
