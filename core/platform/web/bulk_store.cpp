#include "core/platform/web/bulk_store.hpp"

#include <algorithm>

#include "core/platform/web/operation_row.hpp"

namespace devy::web {
namespace {

// Rows that a filter without an index looks at, so many at a time and so many times.
constexpr int match_looked_at_max = 20'000;
constexpr int match_rounds_max = 10;

constexpr pg::Statement call_bulk_match{"bulk_match", R"sql(
  select o_ids::text[] as ids, o_is_whole as is_whole
    from bulk_match(p_as_of => $1::bigint, p_states => $2::text[], p_kinds => $3::text[],
                    p_owner => $4::text, p_code => $5::text, p_key => $6::text,
                    p_ended_until => timestamptz 'epoch' + $7::bigint * interval '1 microsecond', p_wanted => $8::integer,
                    p_looked_at_max => $9::integer, p_resources_max => $10::integer,
                    p_rounds_max => $11::integer))sql",
                                        true};

constexpr pg::Statement select_time{"console_time", R"sql(
  select (extract(epoch from clock_timestamp()) * 1000000)::bigint as now)sql",
                                    true};

constexpr pg::Statement select_lines{"console_lines", R"sql(
  select o.arrival, o.id, o.kind, o.state, o.source, o.owner, o.step, o.error_code, o.error_text,
         o.attempt, o.max_attempts, o.created_at,
         case when isfinite(o.run_at) then o.run_at end as run_at, o.started_at, o.finished_at,
         r.kind as resource_kind, r.key
    from operation o join resource r on r.id = o.resource_id
   where o.id = any ($1::uuid[])
   order by o.arrival desc)sql",
                                     true};

constexpr pg::Statement call_bulk_record{"bulk_record", R"sql(
  select bulk_record(p_id => $1::uuid, p_act => $2::text, p_actor => $3::text,
                     p_reason => $4::text, p_filter => $5::jsonb, p_operations => $6::uuid[],
                     p_is_operation => $7::boolean, p_max_attempts => $8::integer) as is_new)sql"};

constexpr pg::Statement call_bulk_run{"bulk_run", R"sql(
  select bulk_run(p_id => $1::uuid, p_items_max => $2::integer,
                  p_extra_attempts => $3::integer) as reached)sql"};

constexpr pg::Statement select_bulk{"select_bulk", R"sql(
  select act, actor, reason, count, is_operation from bulk where id = $1::uuid)sql"};

constexpr pg::Statement select_results{"select_bulk_results", R"sql(
  select coalesce(result, '') as result, count(*) as count
    from bulk_item where bulk_id = $1::uuid group by 1)sql"};

constexpr pg::Statement select_subjects{"select_bulk_subjects", R"sql(
  select id, act, count from bulk where id = any ($1::uuid[]))sql"};

struct Reason {
  std::string_view word, text;
};
constexpr std::array<Reason, 6> reasons{{{"gone", "they were deleted"},
                                         {"not_ended", "they had not ended"},
                                         {"disabled", "their resource is off"},
                                         {"newer", "something newer goes before them"},
                                         {"ended", "they had ended"},
                                         {"not_held", "nothing held them"}}};

}  // namespace

std::string_view to_string(BulkAct act) {
  switch (act) {
    case BulkAct::replay: return "replay";
    case BulkAct::cancel: return "cancel";
    case BulkAct::approve: return "approve";
  }
  return "replay";
}

std::optional<BulkAct> parse_bulk_act(std::string_view text) {
  for (const auto act : bulk_acts)
    if (to_string(act) == text) return act;
  return std::nullopt;
}

std::vector<std::string> states_for(BulkAct act) {
  switch (act) {
    case BulkAct::replay:
      return {"completed", "failed", "cancelled", "dropped", "duplicate", "disabled"};
    case BulkAct::cancel: return {"received", "verified", "held", "scheduled", "processing"};
    case BulkAct::approve: return {"held"};
  }
  return {};
}

Matches match_operations(pg::Connection& connection, const OperationFilter& filter,
                         std::int64_t as_of, std::int64_t ended_until) {
  const auto rows = connection.one(
      call_bulk_match, pg::Params(as_of, filter.states, filter.kinds, filter.owner, filter.code,
                                  filter.key, ended_until, bulk_operations_max + 1,
                                  match_looked_at_max, owner_resources_max, match_rounds_max));
  return {rows[0].texts("ids"), rows[0].boolean("is_whole")};
}

std::int64_t database_time(pg::Connection& connection) {
  return connection.one(select_time)[0].integer("now");
}

std::vector<OperationLine> find_lines(pg::Connection& connection,
                                      const std::vector<std::string>& ids) {
  std::vector<OperationLine> lines;
  for (const auto row : connection.query(select_lines, pg::Params(ids)))
    lines.push_back(read_line(row));
  return lines;
}

bool begin_bulk(pg::Connection& connection, const NewBulk& bulk) {
  const bool is_new =
      connection
          .one(call_bulk_record,
               pg::Params(bulk.id, to_string(bulk.act), bulk.actor, bulk.reason, bulk.filter.dump(),
                          bulk.operations, bulk.is_operation(), bulk.max_attempts))[0]
          .boolean("is_new");
  if (is_new && !bulk.is_operation())
    static_cast<void>(run_bulk(connection, bulk.id, bulk_at_once_max, bulk.max_attempts));
  return is_new;
}

int run_bulk(pg::Connection& connection, const std::string& id, int items_max, int extra_attempts) {
  return static_cast<int>(
      connection.one(call_bulk_run, pg::Params(id, items_max, extra_attempts))[0].integer(
          "reached"));
}

std::optional<Bulk> find_bulk(pg::Connection& connection, const std::string& id) {
  const auto found = connection.maybe(select_bulk, pg::Params(id));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  Bulk bulk;
  bulk.id = id;
  bulk.act = parse_bulk_act(row.view("act")).value();
  bulk.actor = row.text("actor");
  bulk.reason = row.text("reason");
  bulk.count = static_cast<int>(row.integer("count"));
  bulk.is_operation = row.boolean("is_operation");
  for (const auto result : connection.query(select_results, pg::Params(id))) {
    const auto count = static_cast<int>(result.integer("count"));
    const auto word = result.text("result");
    if (word.empty()) bulk.left = count;
    else if (word == "done") bulk.done = count;
    else bulk.not_done.emplace(word, count);
  }
  return bulk;
}

std::string not_done_text(const Bulk& bulk) {
  int all = 0;
  std::string why;
  for (const auto& [word, count] : bulk.not_done) {
    all += count;
    const auto* reason =
        std::ranges::find_if(reasons, [&](const Reason& known) { return known.word == word; });
    why += (why.empty() ? "" : ", ") +
           (reason == reasons.end() ? word : std::string(reason->text)) + " (" +
           std::to_string(count) + ")";
  }
  return all == 0 ? "" : std::to_string(all) + " not: " + why;
}

std::map<std::string, std::string> bulk_subjects(pg::Connection& connection,
                                                 const std::vector<std::string>& ids) {
  std::map<std::string, std::string> subjects;
  for (const auto row : connection.query(select_subjects, pg::Params(ids)))
    subjects.emplace(row.text("id"), row.text("act") + " of " +
                                         std::to_string(row.integer("count")) + " operations");
  return subjects;
}

}  // namespace devy::web
