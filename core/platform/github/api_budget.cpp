#include "core/platform/github/api_budget.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::github {
namespace {

// Answers of several runners come in any order: the one that leaves less of the same hour counts.
constexpr pg::Statement upsert_budget{"upsert_budget", R"sql(
  insert into api_budget as b (credential, resource, quota, remaining, reset_at)
  values ($1::text, $2::text, $3::bigint, $4::bigint, $5::timestamptz)
  on conflict (credential, resource) do update
  set quota = excluded.quota,
      remaining = case when b.reset_at = excluded.reset_at then least(b.remaining, excluded.remaining)
                       else excluded.remaining end,
      reset_at = excluded.reset_at, seen_at = clock_timestamp()
  where excluded.reset_at >= b.reset_at)sql",
                                      true};

constexpr pg::Statement select_budget_pause{"select_budget_pause", R"sql(
  select coalesce(max(ceil(extract(epoch from reset_at - clock_timestamp()) * 1000)), 0)::bigint
           as left_ms
  from api_budget
  where credential = $1::text and resource = $2::text
    and remaining <= quota * $3::float8 and reset_at > clock_timestamp())sql"};

constexpr pg::Statement select_budget{"select_budget", R"sql(
  select quota, remaining, reset_at
  from api_budget
  where credential = $1::text and resource = $2::text and reset_at > clock_timestamp())sql"};

constexpr pg::Statement select_low_budgets{"select_low_budgets", R"sql(
  select credential, quota, remaining, reset_at
  from api_budget
  where resource = $1::text and remaining <= quota * $2::float8 and reset_at > clock_timestamp()
  order by credential)sql"};

}  // namespace

void note_budget(pg::Connection& connection, const std::string& credential, const Budget& budget) {
  connection.execute(upsert_budget,
                     pg::Params(credential, budget.resource, budget.quota, budget.remaining,
                                base::format_rfc3339(budget.reset_at)));
}

std::chrono::milliseconds budget_pause(pg::Connection& connection, const std::string& credential,
                                       double reserve) {
  return std::chrono::milliseconds(
      connection.one(select_budget_pause, pg::Params(credential, core_budget, reserve))[0].integer(
          "left_ms"));
}

std::optional<KnownBudget> find_budget(pg::Connection& connection, const std::string& credential) {
  const auto rows = connection.maybe(select_budget, pg::Params(credential, core_budget));
  if (!rows) return std::nullopt;
  const auto row = (*rows)[0];
  return KnownBudget{row.integer("quota"), row.integer("remaining"), row.time("reset_at")};
}

std::vector<LowBudget> low_budgets(pg::Connection& connection, double reserve) {
  std::vector<LowBudget> budgets;
  for (const auto row : connection.query(select_low_budgets, pg::Params(core_budget, reserve)))
    budgets.push_back({row.text("credential"), row.integer("quota"), row.integer("remaining"),
                       row.maybe_time("reset_at").value()});
  return budgets;
}

}  // namespace devy::github
