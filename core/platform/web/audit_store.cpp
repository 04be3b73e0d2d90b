#include "core/platform/web/audit_store.hpp"

#include "core/platform/base/unless_empty.hpp"

namespace devy::web {
namespace {

constexpr pg::Statement call_audit_record{"audit_record", R"sql(
  select audit_record($1::text, $2::inet, $3::text, $4::text, $5::jsonb, $6::bigint, $7::text,
                      $8::text) as id)sql"};

constexpr pg::Statement select_audit{"select_audit", R"sql(
  select id, at, actor, host(address) as address, act, target, filter, count, reason, result
    from (select * from audit
           where ($1::bigint is null or id < $1::bigint)
           order by id desc
           limit 10000) newest
   where ($2::text is null or actor = $2::text)
     and ($3::text is null or act = $3::text)
     and ($4::text is null or target = $4::text)
     and ($5::bigint is null
          or at > clock_timestamp() - $5::bigint * interval '1 microsecond')
     and ($7::bigint is null
          or at <= clock_timestamp() - $7::bigint * interval '1 microsecond')
   order by id desc
   limit $6::integer)sql"};

}  // namespace

std::int64_t record_act(pg::Connection& connection, const Act& act) {
  return connection
      .one(call_audit_record,
           pg::Params(act.actor, base::unless_empty(act.address), act.act, act.target, act.filter,
                      act.count, act.reason, act.result))[0]
      .integer("id");
}

std::vector<RecordedAct> list_acts(pg::Connection& connection, const AuditFilter& filter) {
  std::optional<std::int64_t> since, until;
  if (filter.since) since = filter.since->count();
  if (filter.until) until = filter.until->count();
  std::vector<RecordedAct> acts;
  for (const auto row :
       connection.query(select_audit, pg::Params(filter.before, filter.actor, filter.act,
                                                 filter.target, since, filter.limit, until))) {
    RecordedAct act;
    act.id = row.integer("id");
    act.at = row.time("at");
    act.actor = row.text("actor");
    act.address = row.text("address");
    act.act = row.text("act");
    act.target = row.text("target");
    act.filter = row.maybe_text("filter");
    act.count = row.maybe_integer("count");
    act.reason = row.maybe_text("reason");
    act.result = row.text("result");
    acts.push_back(std::move(act));
  }
  return acts;
}

}  // namespace devy::web
