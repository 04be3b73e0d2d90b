#pragma once
// Reads and writes accounts in the database. Errors name the account. Throws what pg::Connection
// throws.

#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::publishing {

struct Account {
  base::AccountId id;
  std::string username;
  bool is_supporter = false;
  base::TimePoint created_at;
  int blogs = 0;  // counts connected blogs only
};

// Throws Error(conflict) when the account exists, Error(usage) when GitHub would not allow the
// name.
Account add_account(pg::Connection& connection, const std::string& username, bool is_supporter);
// Throws Error(not_found).
[[nodiscard]] Account find_account(pg::Connection& connection, const std::string& username);
[[nodiscard]] std::vector<Account> list_accounts(pg::Connection& connection);

}  // namespace devy::publishing
