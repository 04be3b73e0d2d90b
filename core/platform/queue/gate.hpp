#pragma once
// Owner gates: an owner's operations of one direction are held back until a time, as another
// server's rate limit demands, or run one at a time. A gate is a row: all daemons keep to it at
// once, and a claim that begins after the gate has been committed never takes what it holds back.
// What is running goes on.
//
// Each call is one statement. Call it outside of transactions that hold other locks: claims of a
// serial owner lock its gate. Throws what pg::Connection throws.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

struct Gate {
  std::string owner;  // as in operation.owner
  Direction direction = Direction::outbound;
  // By the database's clock. A gate that is already closed for longer stays so.
  base::TimePoint not_before;
  std::string reason;  // for people: "rate limit"
  // Whether at most one operation of the owner runs at a time. Absent: as it was, or no.
  std::optional<bool> is_serial = std::nullopt;
};
void set_gate(pg::Connection& connection, const Gate& gate);

// Opens the gate at once. A serial owner stays serial.
void lift_gate(pg::Connection& connection, std::string_view owner, Direction direction);

}  // namespace devy::queue
