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

// What an operation is serialised on. The id is the database's.
using ResourceId = std::int64_t;

}  // namespace devy::queue
