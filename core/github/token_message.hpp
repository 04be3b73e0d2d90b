#pragma once
// What the child that asks for an installation's token and its parent say to each other: one order,
// one answer. Private to this folder. Values.

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/base/secret.hpp"
#include "core/config/config.hpp"

namespace devy::github {

inline constexpr std::size_t token_frame_bytes_max = 256UL * 1024;

struct TokenOrder {
  config::Config config;   // of which [github] and [git] count
  std::string repository;  // "owner/name"
};
struct GivenToken {
  base::Secret secret;
  base::TimePoint ends_at{};
};
using TokenAnswer = std::variant<GivenToken, base::Error>;

[[nodiscard]] std::string to_frame(const TokenOrder& order);
[[nodiscard]] std::string to_frame(const TokenAnswer& answer);
// Throw Error(internal) at anything but what to_frame() wrote.
[[nodiscard]] TokenOrder parse_token_order(std::string_view frame);
[[nodiscard]] TokenAnswer parse_token_answer(std::string_view frame);

}  // namespace devy::github
