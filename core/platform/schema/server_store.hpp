#pragma once
// Information about the PostgreSQL server, for `db status`, `doctor` and `version`. Throws what
// pg::Connection throws.

#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::schema {

struct ServerFacts {
  std::string version;   // "15.18"
  std::string encoding;  // "UTF8"
  bool is_standby = false;
  base::TimePoint now;  // the server's clock, halfway through the request
};
[[nodiscard]] ServerFacts server_facts(pg::Connection& connection);

}  // namespace devy::schema
