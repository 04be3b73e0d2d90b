#include "core/platform/github/limit.hpp"

#include <algorithm>
#include <charconv>

#include "core/platform/base/time_text.hpp"

namespace devy::github {
namespace {

using std::chrono::seconds;

constexpr int doublings_max = 7;  // 60 s · 2⁷ is above pause_max
constexpr seconds pause_min{1};

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
      value < 0)
    return std::nullopt;
  return value;
}

base::TimePoint bounded(base::TimePoint time, base::TimePoint now) {
  return std::clamp(time, now + pause_min, now + pause_max);
}

// When the hour's share is used up: its reset.
std::optional<base::TimePoint> reset(const http::Response& response, base::TimePoint now) {
  if (number(response.header("x-ratelimit-remaining")) != 0) return std::nullopt;
  const auto at = number(response.header("x-ratelimit-reset"));
  // A number beyond the range of clocks would overflow ours.
  constexpr std::int64_t latest = 253'402'300'799;  // the year 9999
  if (!at || *at > latest) return now + pause_max;
  return bounded(base::TimePoint(seconds(*at)), now);
}

std::optional<base::TimePoint> retry_after(const http::Response& response, base::TimePoint now) {
  const auto pause = number(response.header("retry-after"));
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
      not_before_(not_before) {}

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
