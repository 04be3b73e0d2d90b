#pragma once
// A real pgbouncer before this program's PostgreSQL, handing server sessions on after each
// transaction: two of them for any number of clients, so that what somebody leaves behind in one is
// soon found by somebody else. Throws std::runtime_error. One thread; the destructor ends it.

#include <sys/types.h>

#include <string>
#include <string_view>

#include "tests/support/postgres/cluster_folder.hpp"

namespace devy::testing {

class PgBouncer {
 public:
  PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;
  ~PgBouncer();

  [[nodiscard]] std::string conninfo(std::string_view database) const;

 private:
  void wait_until_it_listens() const;
  ClusterFolder folder_;
  pid_t pid_ = -1;
};

}  // namespace devy::testing
