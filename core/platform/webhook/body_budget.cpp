#include "core/platform/webhook/body_budget.hpp"

#include <algorithm>
#include <map>

namespace devy::webhook {
namespace {

using Column = std::vector<std::optional<std::string>>;

constexpr pg::Statement select_body_budget_used{"select_body_budget_used", R"sql(
  select o_payer, o_bytes from body_budget_used(p_payer => $1::bigint[]))sql",
                                                true};

constexpr pg::Statement call_delivery_bodies_charge{"call_delivery_bodies_charge", R"sql(
  select delivery_bodies_charge(p_bytes => $1::bigint[], p_payer => $2::bigint[]))sql",
                                                    true};

}  // namespace

std::string_view to_string(Omission omission) {
  switch (omission) {
    case Omission::unneeded: return "unneeded";
    case Omission::over_budget: return "over_budget";
  }
  return "";
}

std::string explain_omission(std::string_view omission) {
  if (omission == to_string(Omission::unneeded)) return "no system needs it";
  return "webhook.repository_bodies_bytes_max was reached that day";
}

std::vector<std::optional<Omission>> judge_bodies(pg::Connection& connection,
                                                  std::span<const Body> bodies,
                                                  std::uint64_t budget_bytes) {
  std::map<Payer, std::uint64_t> used;
  for (const auto& body : bodies)
    if (body.is_needed && !body.is_paid) used.emplace(body.payer, 0);
  Column payers;
  for (const auto& [payer, bytes] : used)
    payers.emplace_back(std::to_string(payer));
  if (!payers.empty())
    for (const auto row : connection.query(select_body_budget_used, pg::Params(payers)))
      used[row.integer("o_payer")] = static_cast<std::uint64_t>(row.integer("o_bytes"));
  std::vector<std::optional<Omission>> omissions;
  for (const auto& body : bodies) {
    auto& omission = omissions.emplace_back();
    if (body.is_paid) continue;
    if (!body.is_needed) {
      omission = Omission::unneeded;
      continue;
    }
    auto& bytes = used.at(body.payer);
    if (bytes + body.bytes > budget_bytes) omission = Omission::over_budget;
    else bytes += body.bytes;
  }
  return omissions;
}

void charge_bodies(pg::Connection& connection, std::span<const Body> bodies) {
  Column bytes, payer;
  for (const auto& body : bodies) {
    if (body.is_paid || body.bytes == 0) continue;
    bytes.emplace_back(std::to_string(body.bytes));
    payer.emplace_back(std::to_string(body.payer));
  }
  if (bytes.empty()) return;
  connection.query(call_delivery_bodies_charge, pg::Params(bytes, payer));
}

}  // namespace devy::webhook
