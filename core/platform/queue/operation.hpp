#pragma once
// The queue's view of an operation: identity, state, pointers and times. The queue does not know
// what an upload is; each kind of operation adds its own table and a Handler (runner.hpp). Values;
// any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"

namespace devy::queue {

using base::OperationId;

// The meanings are in the comment on operation.state in schema.sql. The last six are terminal.
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
// Tells whether the transition trigger in the database allows this transition. A test keeps the two
// equal.
[[nodiscard]] bool is_allowed(State from, State to);

enum class Source { webhook, api, operator_, poll, reconcile };
[[nodiscard]] std::string_view to_string(Source source);

// Inbound operations produce what readers wait for. Outbound operations send something to other
// servers; separate runners run them, so that a slow server elsewhere delays no inbound operation.
enum class Direction { inbound, outbound };
[[nodiscard]] std::string_view to_string(Direction direction);

// The id of the resource on which an operation is serialised. The database assigns it.
using ResourceId = std::int64_t;

}  // namespace devy::queue
