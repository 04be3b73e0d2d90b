#include "core/platform/queue/operation.hpp"

#include <array>
#include <utility>

namespace devy::queue {
namespace {

constexpr std::array<std::pair<State, std::string_view>, 11> names{{
    {State::received, "received"},
    {State::verified, "verified"},
    {State::scheduled, "scheduled"},
    {State::processing, "processing"},
    {State::held, "held"},
    {State::completed, "completed"},
    {State::failed, "failed"},
    {State::cancelled, "cancelled"},
    {State::dropped, "dropped"},
    {State::duplicate, "duplicate"},
    {State::disabled, "disabled"},
}};

}  // namespace

std::string_view to_string(State state) {
  for (const auto& [value, name] : names)
    if (value == state) return name;
  return "";
}

std::optional<State> parse_state(std::string_view text) {
  for (const auto& [value, name] : names)
    if (name == text) return value;
  return std::nullopt;
}

bool is_terminal(State state) {
  return state >= State::completed;
}

std::string_view to_string(Direction direction) {
  switch (direction) {
    case Direction::inbound: return "inbound";
    case Direction::outbound: return "outbound";
  }
  return "";
}

std::string_view to_string(Source source) {
  switch (source) {
    case Source::webhook: return "webhook";
    case Source::api: return "api";
    case Source::operator_: return "operator";
    case Source::poll: return "poll";
    case Source::reconcile: return "reconcile";
    case Source::repair: return "repair";
  }
  return "";
}

}  // namespace devy::queue
