#include "core/mirror/store/due_store.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement select_due{"mirror_settle_due", R"sql(
  select o_repository_id, o_list, o_since
  from mirror_settle_due($1::bigint * interval '1 millisecond', $2::bigint * interval '1 millisecond'))sql"};

constexpr pg::Statement call_lists_take{"mirror_lists_take", R"sql(
  select o_repository_id, o_list, o_since
  from mirror_lists_take($1::bigint * interval '1 millisecond', $2::bigint * interval '1 millisecond',
                         $3::bigint * interval '1 millisecond', $4::integer))sql"};

constexpr pg::Statement select_watermark{"select_mirror_watermark", R"sql(
  select mirror_since(watermark) as since from mirror_list where repository_id = $1::bigint and list = $2::text)sql"};

constexpr pg::Statement call_fail_abandoned{"mirror_fail_abandoned", R"sql(
  select mirror_fail_abandoned() as failed)sql"};

constexpr pg::Statement call_figures{"mirror_figures", R"sql(
  select o_repositories, o_running, o_sweeping, o_held, o_unsettled from mirror_figures())sql",
                                     true};

std::vector<DueList> read_lists(const pg::Result& rows) {
  std::vector<DueList> due;
  for (const auto row : rows)
    due.push_back({row.integer("o_repository_id"), row.text("o_list"), row.maybe_time("o_since")});
  return due;
}

constexpr pg::Statement select_lags{"select_mirror_lags", R"sql(
  select extract(epoch from o.finished_at - d.received_at)::float8 as lag_seconds
    from operation o
    join mirror_operation m on m.operation_id = o.id
    join delivery d on d.guid = m.delivery_guid
   where o.kind = 'mirror_document' and o.state = 'completed'
     and o.finished_at > $1::timestamptz and o.finished_at <= $2::timestamptz
   limit 10000)sql"};

}  // namespace

std::vector<DueList> lists_to_settle(pg::Connection& connection, std::chrono::milliseconds after,
                                     std::chrono::milliseconds every) {
  return read_lists(connection.query(select_due, pg::Params(after.count(), every.count())));
}

std::vector<DueList> claim_due_lists(pg::Connection& connection, const ReadingTimes& times) {
  return read_lists(connection.query(call_lists_take,
                                     pg::Params(times.every.count(), times.unhooked_every.count(),
                                                times.full_every.count(), times.lists_max)));
}

DueList due_since_last_reading(pg::Connection& connection, std::int64_t repository_id,
                               std::string_view list) {
  DueList due{repository_id, std::string(list), std::nullopt};
  if (const auto row = connection.maybe(select_watermark, pg::Params(repository_id, list)))
    due.since = (*row)[0].maybe_time("since");
  return due;
}

Figures figures(pg::Connection& connection) {
  const auto rows = connection.one(call_figures);
  return {rows[0].integer("o_repositories"), rows[0].integer("o_running"),
          rows[0].integer("o_sweeping"), rows[0].integer("o_held"), rows[0].integer("o_unsettled")};
}

std::vector<double> lags(pg::Connection& connection, const queue::FinishedSpan& span) {
  std::vector<double> seconds;
  if (!span.from) return seconds;
  for (const auto row : connection.query(select_lags, pg::Params(*span.from, span.to)))
    seconds.push_back(row.real("lag_seconds"));
  return seconds;
}

std::int64_t fail_abandoned_scans(pg::Connection& connection) {
  return connection.one(call_fail_abandoned)[0].integer("failed");
}

}  // namespace devy::mirror
