#include "core/platform/webhook/body_budget.hpp"

#include <optional>
#include <vector>

namespace devy::webhook {
namespace {

using Column = std::vector<std::optional<std::string>>;

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

void commit_charging(pg::Transaction& transaction, std::span<const Charge> charges) {
  Column bytes, payer;
  for (const auto& charge : charges) {
    if (charge.bytes == 0) continue;
    bytes.emplace_back(std::to_string(charge.bytes));
    payer.emplace_back(std::to_string(charge.payer));
  }
  if (bytes.empty()) transaction.commit();
  else transaction.commit_with(call_delivery_bodies_charge, pg::Params(bytes, payer));
}

}  // namespace devy::webhook
