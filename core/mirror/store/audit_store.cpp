#include "core/mirror/store/audit_store.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::mirror {
namespace {

// Those of one look; the rest is due at the next.
constexpr int due_max = 100;

constexpr pg::Statement select_due_audits{"mirror_audits_due", R"sql(
  select o_repository_id from mirror_audits_due($1::bigint * interval '1 second', $2::integer))sql"};

constexpr pg::Statement upsert_audit{"note_mirror_audit", R"sql(
  insert into mirror_audit (repository_id, operation_id, started_at, rows, requests, missing, extra, different)
  values ($1::bigint, $2::uuid, $3::timestamptz, $4::integer, $5::integer, $6::integer, $7::integer, $8::integer)
  on conflict (repository_id) do update
  set operation_id = excluded.operation_id, started_at = excluded.started_at, rows = excluded.rows,
      requests = excluded.requests, missing = excluded.missing, extra = excluded.extra,
      different = excluded.different)sql"};

constexpr pg::Statement call_drift_rows{"mirror_drift_rows", R"sql(
  select mirror_drift_rows() as drift)sql",
                                        true};

}  // namespace

std::vector<std::int64_t> audits_due(pg::Connection& connection, std::chrono::seconds every) {
  std::vector<std::int64_t> due;
  for (const auto row : connection.query(select_due_audits, pg::Params(every.count(), due_max)))
    due.push_back(row.integer("o_repository_id"));
  return due;
}

void note_audit(pg::Connection& connection, const Audit& audit) {
  connection.execute(upsert_audit,
                     pg::Params(audit.repository_id, audit.operation.text(),
                                base::format_rfc3339(audit.started_at), audit.rows, audit.requests,
                                audit.missing, audit.extra, audit.different));
}

std::int64_t drift_rows(pg::Connection& connection) {
  return connection.one(call_drift_rows)[0].integer("drift");
}

}  // namespace devy::mirror
