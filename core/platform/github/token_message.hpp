#pragma once
// The messages between the child process that requests an installation token and its parent: one
// order, one response. Private to this folder. Values.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/config/config.hpp"

namespace devy::github {

inline constexpr std::size_t token_frame_bytes_max = 256UL * 1024;

struct TokenOrder {
  config::Config config;   // only [github] and [git] are used
  std::string repository;  // "owner/name"
  std::int64_t github_id = 0;
};
struct GivenToken {
  base::Secret secret;
  base::TimePoint ends_at{};
};
using TokenAnswer = std::variant<GivenToken, base::Error>;

[[nodiscard]] std::string to_frame(const TokenOrder& order);
[[nodiscard]] std::string to_frame(const TokenAnswer& answer);
// Both throw Error(internal) for anything that to_frame() did not write.
[[nodiscard]] TokenOrder parse_token_order(std::string_view frame);
[[nodiscard]] TokenAnswer parse_token_answer(std::string_view frame);

}  // namespace devy::github
