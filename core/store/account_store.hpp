#pragma once
// Accounts in the database. Throws what pg::Connection throws; names the account in its errors.

#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/id.hpp"
#include "core/pg/connection.hpp"

namespace devy::store {

struct Account {
  base::AccountId id;
  std::string username;
  bool is_supporter = false;
  base::TimePoint created_at;
  int blogs = 0;  // connected ones
};

// Throws Error(conflict) when it exists, Error(usage) when GitHub would not allow the name.
Account add_account(pg::Connection& connection, const std::string& username, bool is_supporter);
// Throws Error(not_found).
[[nodiscard]] Account find_account(pg::Connection& connection, const std::string& username);
[[nodiscard]] std::vector<Account> list_accounts(pg::Connection& connection);

}  // namespace devy::store
