#include "core/platform/webhook/body_budget.hpp"

#include <algorithm>
#include <map>

namespace devy::webhook {
namespace {

using Column = std::vector<std::optional<std::string>>;

constexpr pg::Statement select_body_budget_used{"select_body_budget_used", R"sql(
  select o_payer, o_bytes from body_budget_used(p_payer => $1::bigint[]))sql"};

constexpr pg::Statement call_delivery_bodies_settle{"call_delivery_bodies_settle", R"sql(
  select delivery_bodies_settle(
    p_guid => $1::uuid[],
    p_bytes => $2::bigint[],
    p_payer => $3::bigint[],
    p_omitted => $4::text[]))sql"};

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

void settle_bodies(pg::Connection& connection, std::span<const JudgedBody> bodies) {
  Column guid, bytes, payer, omitted;
  for (const auto& [body, omission] : bodies) {
    if (body.is_paid) continue;
    guid.emplace_back(body.guid);
    bytes.emplace_back(std::to_string(body.bytes));
    payer.emplace_back(std::to_string(body.payer));
    omitted.push_back(omission ? std::optional(std::string(to_string(*omission))) : std::nullopt);
  }
  if (guid.empty()) return;
  connection.query(call_delivery_bodies_settle, pg::Params(guid, bytes, payer, omitted));
}

}  // namespace devy::webhook
