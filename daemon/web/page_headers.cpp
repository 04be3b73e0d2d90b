#include "daemon/web/page_headers.hpp"

#include <array>

#include "core/platform/http/server/response.hpp"

namespace devy::daemon {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> page_headers{{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
     "'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "same-origin"},
    {"X-Content-Type-Options", "nosniff"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "interest-cohort=()"},
    {"Vary", "HX-Request, Cookie"},
}};

}  // namespace

void add_page_headers(http::Response& response) {
  for (const auto& [name, value] : page_headers)
    if (response.header(name).empty()) server::set_header(response, name, value);
  if (response.header("Cache-Control").empty())
    server::set_header(response, "Cache-Control", "no-store");
}

}  // namespace devy::daemon
