#pragma once
// Acts of the command line stand in the audit, as those of the browser do (web.md, "Who"): the row
// is written in the transaction of the act, so that there is no act without one.

#include <string>

#include "cli/context.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/web/audit_store.hpp"

namespace devy::cli {

struct AuditedAct {
  std::string act;  // "operation.cancel"
  std::string target;
  std::string reason = {};  // empty: none was given
};

// Runs the act, and returns what it returns. The act begins no transaction of its own.
template <class Act>
auto audited(const std::string& who, pg::Connection& connection, const AuditedAct& noted,
             const Act& act) {
  pg::Transaction transaction(connection);
  const auto note = [&] {
    web::record_act(connection,
                    {.actor = who,
                     .act = noted.act,
                     .target = noted.target,
                     .reason = noted.reason.empty() ? std::nullopt : std::optional(noted.reason)});
    transaction.commit();
  };
  if constexpr (std::is_void_v<decltype(act())>) {
    act();
    note();
  } else {
    auto result = act();
    note();
    return result;
  }
}

}  // namespace devy::cli
