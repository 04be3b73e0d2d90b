#include "core/platform/github/limit.hpp"

#include <algorithm>

#include "core/platform/base/time_text.hpp"
#include "core/platform/github/header_number.hpp"

namespace devy::github {
namespace {

using std::chrono::seconds;

constexpr int doublings_max = 7;  // 60 s · 2⁷ is above pause_max
constexpr seconds pause_min{1};

base::TimePoint bounded(base::TimePoint time, base::TimePoint now) {
  return std::clamp(time, now + pause_min, now + pause_max);
}

// When the hour's share is used up: its reset.
std::optional<base::TimePoint> reset(const http::Response& response, base::TimePoint now) {
  if (header_number(response.header("x-ratelimit-remaining")) != 0) return std::nullopt;
  const auto at = header_number(response.header("x-ratelimit-reset"));
  if (!at || *at > header_time_max) return now + pause_max;
  return bounded(base::TimePoint(seconds(*at)), now);
}

std::optional<base::TimePoint> retry_after(const http::Response& response, base::TimePoint now) {
  const auto pause = header_number(response.header("retry-after"));
  if (!pause) return std::nullopt;
  return bounded(now + seconds(std::min<std::int64_t>(*pause, pause_max.count())), now);
}

// Finds the text that GitHub puts into a 403 that is about a limit and not about permissions.
bool names_limit(std::string_view body) {
  return body.find("rate limit") != std::string_view::npos ||
         body.find("abuse detection") != std::string_view::npos;
}

}  // namespace

LimitReached::LimitReached(base::TimePoint not_before, bool is_primary)
    : Error(base::ErrorKind::busy,
            std::string("unable to ask GitHub: its ") + (is_primary ? "hourly" : "secondary") +
                " rate limit is reached until " + base::format_rfc3339(not_before),
            "It goes on by itself then; a GitHub App has a larger share than a token.",
            "rate_limited"),
      not_before_(not_before),
      is_primary_(is_primary) {}

std::optional<Limit> limit_of(const http::Response& response, base::TimePoint now, int refusals) {
  if (response.status != 403 && response.status != 429) return std::nullopt;
  const auto primary = reset(response, now);
  const auto secondary = retry_after(response, now);
  if (primary || secondary)
    return Limit{std::max(primary.value_or(now), secondary.value_or(now)), primary.has_value()};
  if (response.status == 403 && !names_limit(response.body)) return std::nullopt;
  const auto pause = secondary_pause * (1 << std::clamp(refusals, 0, doublings_max));
  return Limit{bounded(now + pause, now), false};
}

}  // namespace devy::github
