#pragma once
// How many operations ask GitHub at once, over all daemons (github.concurrency). Whoever asks holds
// a slot, and gives it back with the object; that of a session that has ended is free, too.
// Throws what pg::Connection throws.

#include <string>

#include "core/platform/pg/connection.hpp"

namespace devy::github {

class ApiSlot {
 public:
  // Takes one of `slots`, which are numbered from 1, for requests with that credential.
  ApiSlot(pg::Connection& connection, const std::string& credential, int slots);
  ApiSlot(const ApiSlot&) = delete;
  ApiSlot& operator=(const ApiSlot&) = delete;
  // Borrows the connection until then, outside of any transaction.
  ~ApiSlot();

  // False: all are taken, or the credential's only one is.
  [[nodiscard]] bool is_held() const { return slot_ > 0; }

 private:
  pg::Connection& connection_;
  int slot_ = 0;
  std::string held_until_;
};

}  // namespace devy::github
