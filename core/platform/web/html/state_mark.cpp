#include "core/platform/web/html/state_mark.hpp"

#include <algorithm>
#include <array>

namespace devy::html {
namespace {

struct MarkedState {
  std::string_view state;
  std::string_view mark;
};

constexpr auto marked_states = std::to_array<MarkedState>({
    // Nothing has happened to it yet: a ring.
    {"received", ""},
    {"verified", ""},
    {"waiting", ""},
    {"queued", ""},
    {"pending", ""},
    {"temporary", ""},
    {"open", ""},
    {"closed", ""},
    {"new", ""},
    {"local", ""},
    // It is being worked on: a half disc.
    {"scheduled", "run"},
    {"processing", "run"},
    {"running", "run"},
    {"sending", "run"},
    {"receiving", "run"},
    {"checking", "run"},
    {"loading", "run"},
    {"switching", "run"},
    {"sweeping", "run"},
    {"scanning", "run"},
    {"draining", "run"},
    {"connecting", "run"},
    {"tasks", "run"},
    {"comments", "run"},
    {"exporting", "run"},
    // It ended well, or is as it should be: a check.
    {"completed", "ok"},
    {"synced", "ok"},
    {"sent", "ok"},
    {"accepted", "ok"},
    {"permanent", "ok"},
    {"public", "ok"},
    {"on", "ok"},
    {"ready", "ok"},
    {"done", "ok"},
    {"active", "ok"},
    // It ended badly: a cross.
    {"failed", "bad"},
    {"refused", "bad"},
    {"rejected", "bad"},
    {"lost", "bad"},
    // It waits for a person or for a limit: bars.
    {"held", "hold"},
    {"paused", "hold"},
    {"waiting for a limit", "hold"},
    {"blocked", "hold"},
    {"suspended", "hold"},
    // Somebody should look: a triangle.
    {"conflict", "warn"},
    {"unconfirmed", "warn"},
    {"behind", "warn"},
    {"stale", "warn"},
    {"failing", "warn"},
    {"missing", "warn"},
    // It was switched off, or is no more: a struck ring.
    {"disabled", "off"},
    {"disconnected", "off"},
    {"deleted", "off"},
    {"gone", "off"},
    {"off", "off"},
    // It was stopped, left out, or was nothing new.
    {"cancelled", "cut"},
    {"interrupted", "cut"},
    {"dropped", "skip"},
    {"ignored", "skip"},
    {"duplicate", "same"},
    {"unchanged", "same"},
});

const MarkedState* find_state(std::string_view state) {
  const auto* found = std::ranges::find(marked_states, state, &MarkedState::state);
  return found == marked_states.end() ? nullptr : found;
}

}  // namespace

std::string_view mark_of(std::string_view state) {
  const auto* found = find_state(state);
  return found != nullptr ? found->mark : std::string_view();
}

bool has_mark(std::string_view state) {
  return find_state(state) != nullptr;
}

void set_state(Fill& fill, StateNames names, std::string_view state) {
  fill.set(names.mark, mark_of(state));
  fill.set(names.word, state);
}

}  // namespace devy::html
