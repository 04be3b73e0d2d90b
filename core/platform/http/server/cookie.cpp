#include "core/platform/http/server/cookie.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"

namespace devy::server {
namespace {

bool is_cookie_name(std::string_view name) {
  return base::is_word_of(name, "!#$%&'*+-.^_`|~");
}

// RFC 6265, section 4.1.1: cookie-octet.
bool is_cookie_value(std::string_view value) {
  return value.size() <= cookie_value_bytes_max && std::ranges::all_of(value, [](char byte) {
           return byte > ' ' && byte < 0x7f &&
                  std::string_view("\",;\\").find(byte) == std::string_view::npos;
         });
}

}  // namespace

std::optional<std::string_view> cookie_value(const ReceivedRequest& request,
                                             std::string_view name) {
  auto rest = request.header("Cookie");
  std::optional<std::string_view> found;
  for (std::size_t count = 0; !rest.empty(); ++count) {
    if (count == cookies_max) return std::nullopt;
    const auto end = std::min(rest.find(';'), rest.size());
    const auto pair = base::trim_blanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto mark = pair.find('=');
    if (mark == std::string_view::npos || pair.substr(0, mark) != name) continue;
    if (found) return std::nullopt;
    found = pair.substr(mark + 1);
  }
  if (found && !is_cookie_value(*found)) return std::nullopt;
  return found;
}

void set_cookie(http::Response& response, const Cookie& cookie) {
  if (!is_cookie_name(cookie.name) || !is_cookie_value(cookie.value))
    throw base::Error(base::ErrorKind::internal, "unable to set a cookie: it is malformed");
  std::string text(cookie.name);
  text.append("=").append(cookie.value).append("; Path=/; Secure; HttpOnly; SameSite=Lax");
  if (cookie.max_age) text.append("; Max-Age=").append(std::to_string(cookie.max_age->count()));
  response.headers.emplace_back("Set-Cookie", std::move(text));
}

void expire_cookie(http::Response& response, std::string_view name) {
  set_cookie(response, {.name = name, .value = "", .max_age = std::chrono::seconds(0)});
}

}  // namespace devy::server
