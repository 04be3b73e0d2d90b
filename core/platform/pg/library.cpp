#include "core/platform/pg/library.hpp"

#include <libpq-fe.h>

namespace devy::pg {

std::string library_version() {
  // 150018 is 15.18 since PostgreSQL 10.
  const int version = PQlibVersion();
  return std::to_string(version / 10'000) + "." + std::to_string(version % 10'000);
}

}  // namespace devy::pg
