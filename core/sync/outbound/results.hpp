#pragma once
// Results of attempts that are not completed, in short. Private to this folder. Pure; any thread.

#include <chrono>
#include <string>
#include <utility>

#include "core/platform/queue/finish.hpp"

namespace devy::outbound {

// GitHub is looked at again so soon after something has changed there meanwhile.
inline constexpr std::chrono::seconds look_again_pause{1};

// Given back: it goes on after the delay, and no attempt is used.
[[nodiscard]] inline queue::AttemptResult interrupted(std::string code, std::string text,
                                                      std::chrono::milliseconds delay) {
  queue::AttemptResult result;
  result.outcome = queue::Outcome::interrupted;
  result.error_code = std::move(code);
  result.error_text = std::move(text);
  result.delay = delay;
  return result;
}

[[nodiscard]] inline queue::AttemptResult ended(queue::Outcome outcome, std::string code,
                                                std::string text, std::string hint) {
  queue::AttemptResult result;
  result.outcome = outcome;
  result.error_code = std::move(code);
  result.error_text = std::move(text);
  result.error_hint = std::move(hint);
  return result;
}

}  // namespace devy::outbound
