#include "core/crm/answer.hpp"

#include <algorithm>
#include <charconv>

#include "core/crm/document.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/http/http_date.hpp"

namespace devy::crm {
namespace {

using std::chrono::seconds;

constexpr std::size_t message_bytes_max = 200;
// A header that is a larger number is a time and no duration.
constexpr std::int64_t duration_seconds_max = 10'000'000;

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
      value < 0)
    return std::nullopt;
  return value;
}

std::string without(std::string text, std::string_view secret) {
  if (secret.empty()) return text;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret))
    text.replace(at, secret.size(), "[hidden]");
  return text;
}

// The message of an error in JSON; empty for a page.
std::string message_of(const http::Response& response, const base::Secret& token) {
  const auto document = read_document(response.body);
  if (!document) return {};
  const auto message = document->if_text("error").value_or("");
  return base::safe_text(base::redact(without(message, token.reveal())), message_bytes_max);
}

bool is_page(const http::Response& response) {
  const auto type = base::to_lower(response.header("content-type"));
  const auto first = response.body.find_first_not_of(" \t\r\n");
  return type.starts_with("text/html") ||
         (first != std::string::npos && response.body[first] == '<');
}

// "x-daily-requests-left: 0", or a message that names the day.
bool is_daily(const http::Response& response, const std::string& message) {
  for (const auto& [name, value] : response.headers)
    if (base::to_lower(name).starts_with("x-daily-") && value == "0") return true;
  return base::to_lower(message).find("daily") != std::string::npos;
}

std::optional<seconds> wait_of(const http::Response& response) {
  for (const char* name : {"retry-after", "x-ratelimit-reset"}) {
    const auto wait = number_in(response.header(name));
    if (wait && *wait <= duration_seconds_max)
      return std::clamp(seconds(*wait), seconds(1), pause_max);
  }
  return std::nullopt;
}

Meaning meaning_of(const http::Response& response, const std::string& message) {
  const auto status = response.status;
  if (status >= 200 && status < 300) return Meaning::done;
  switch (status) {
    case 400:
    case 402:
    case 413:
    case 415:
    case 422: return Meaning::refused;
    case 401: return Meaning::unauthorized;
    // In JSON it is the API's own: of a plan's limits, of a user's rights.
    case 403: return is_page(response) ? Meaning::blocked : Meaning::refused;
    case 404:
    case 410: return Meaning::missing;
    case 429: return is_daily(response, message) ? Meaning::spent : Meaning::limited;
    default: return Meaning::unknown;
  }
}

}  // namespace

std::string_view to_string(Meaning meaning) {
  switch (meaning) {
    case Meaning::done: return "done";
    case Meaning::refused: return "refused";
    case Meaning::missing: return "missing";
    case Meaning::unsent: return "unreachable";
    case Meaning::limited: return "rate_limited";
    case Meaning::spent: return "budget_spent";
    case Meaning::blocked: return "blocked";
    case Meaning::unauthorized: return "unauthorized";
    case Meaning::unknown: return "unknown";
  }
  return "";
}

bool is_about_server(Meaning meaning) {
  switch (meaning) {
    case Meaning::done:
    case Meaning::refused:
    case Meaning::missing: return false;
    case Meaning::unsent:
    case Meaning::limited:
    case Meaning::spent:
    case Meaning::blocked:
    case Meaning::unauthorized:
    case Meaning::unknown: return true;
  }
  return true;
}

Answer judge(const http::Response& response, const base::Secret& token) {
  Answer answer;
  const auto message = message_of(response, token);
  answer.status = response.status;
  answer.meaning = meaning_of(response, message);
  answer.date = http::parse_http_date(response.header("date"));
  if (answer.meaning == Meaning::done) return answer;
  answer.cause =
      "status " + std::to_string(response.status) + (message.empty() ? "" : ", " + message);
  if (answer.meaning == Meaning::limited || response.status == 503) answer.wait = wait_of(response);
  return answer;
}

Answer judge(const base::Error& error) {
  Answer answer;
  // A connection that was never made carried no request.
  const bool is_unsent = error.code() == "connect_failed" || error.code() == "tls_verify" ||
                         error.code() == "url_not_allowed";
  answer.meaning = is_unsent ? Meaning::unsent : Meaning::unknown;
  answer.cause = error.text();
  return answer;
}

}  // namespace devy::crm
