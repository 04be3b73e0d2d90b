#pragma once
// Names what an operator pauses, resumes or opens: the whole queue, a kind of operations, a
// resource, or an owner's gate. Values; the functions throw what pg::Connection throws. A session,
// so one thread at a time.

#include <optional>
#include <string>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::web {

enum class PauseSort { queue, kind, resource, gate };

struct PauseTarget {
  PauseSort sort = PauseSort::queue;
  std::string kind;                // of sort kind
  queue::ResourceId resource = 0;  // of sort resource
  std::string owner;               // of sort gate, with its direction
  queue::Direction direction = queue::Direction::outbound;
  std::string name = {};  // for the audit and for people: "kind upload"; empty for the whole queue
  bool is_closed = false;
};

[[nodiscard]] PauseTarget whole_queue(pg::Connection& connection);
[[nodiscard]] PauseTarget kind_target(pg::Connection& connection, const std::string& kind);
// Throws Error(not_found) when there is no such resource.
[[nodiscard]] PauseTarget resource_target(pg::Connection& connection, queue::ResourceId resource);
[[nodiscard]] PauseTarget gate_target(pg::Connection& connection, const std::string& owner,
                                      queue::Direction direction);

// Pauses it, for a reason that says who and why. A gate is closed by limits of servers alone: that
// is an Error(usage).
void close(pg::Connection& connection, const PauseTarget& target, const std::string& reason);
// Resumes it, or opens the gate.
void open(pg::Connection& connection, const PauseTarget& target);

}  // namespace devy::web
