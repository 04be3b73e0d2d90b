#pragma once
// What the queue knows of an operation: identity, state, pointers, times. It knows no upload; a
// kind of operation adds its own table and a Handler (runner.hpp). Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/id.hpp"

namespace devy::queue {

using base::OperationId;

// Meanings: comment on operation.state in schema.sql. The last six are terminal.
enum class State {
  received,
  verified,
  scheduled,
  processing,
  held,
  completed,
  failed,
  cancelled,
  dropped,
  duplicate,
  disabled,
};

[[nodiscard]] std::string_view to_string(State state);
[[nodiscard]] std::optional<State> parse_state(std::string_view text);
[[nodiscard]] bool is_terminal(State state);
// The moves the transition trigger allows; kept equal by a test.
[[nodiscard]] bool is_allowed(State from, State to);

enum class Source { webhook, api, operator_, poll, reconcile };
[[nodiscard]] std::string_view to_string(Source source);

// Inbound: what readers wait for. Outbound: what others are told; taken by runners of its own, so
// that a server elsewhere that is slow holds up no inbound one.
enum class Direction { inbound, outbound };
[[nodiscard]] std::string_view to_string(Direction direction);

// What an operation is serialised on. The id is the database's.
using ResourceId = std::int64_t;

}  // namespace devy::queue
