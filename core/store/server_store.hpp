#pragma once
// What the PostgreSQL server says of itself, for `db status`, `doctor` and `version`. Throws what
// pg::Connection throws.

#include <string>

#include "core/base/clock.hpp"
#include "core/pg/connection.hpp"

namespace devy::store {

struct ServerFacts {
  std::string version;   // "15.18"
  std::string encoding;  // "UTF8"
  bool is_standby = false;
  base::TimePoint now;  // by its clock, in the middle of the answer
};
[[nodiscard]] ServerFacts server_facts(pg::Connection& connection);

}  // namespace devy::store
