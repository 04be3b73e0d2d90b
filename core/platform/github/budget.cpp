#include "core/platform/github/budget.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/github/header_number.hpp"

namespace devy::github {
namespace {

constexpr std::size_t resource_bytes_max = 64;

}  // namespace

std::optional<Budget> budget_of(const http::Response& response) {
  const auto quota = header_number(response.header("x-ratelimit-limit"));
  const auto remaining = header_number(response.header("x-ratelimit-remaining"));
  const auto reset_at = header_number(response.header("x-ratelimit-reset"));
  auto resource = response.header("x-ratelimit-resource");
  if (resource.empty()) resource = "core";
  if (!quota || !remaining || !reset_at || *reset_at > header_time_max ||
      resource.size() > resource_bytes_max || !base::is_word_of(resource, "_-"))
    return std::nullopt;
  return Budget{std::string(resource), *quota, *remaining,
                base::TimePoint(std::chrono::seconds(*reset_at))};
}

}  // namespace devy::github
