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

enum class Source { webhook, api, operator_, poll, reconcile, repair };
[[nodiscard]] std::string_view to_string(Source source);

// Inbound operations bring news in; outbound operations tell others, or put right what a resource
// shows without bringing news. On one resource a new
// operation supersedes, and is compared with, those of its own direction only; one of either runs
// at a time.
enum class Direction { inbound, outbound };
[[nodiscard]] std::string_view to_string(Direction direction);

// A lane decides which processes claim an operation: the workers claim `work`, and runners claim
// the lanes of those whose server they have to wait for (`github`, `crm`, `files:<node>`). The
// database checks the form: a lower-case word, and what follows a colon.
inline constexpr std::string_view work_lane = "work";
inline constexpr std::string_view github_lane = "github";

// The id of the resource on which an operation is serialised. The database assigns it.
using ResourceId = std::int64_t;

}  // namespace devy::queue
