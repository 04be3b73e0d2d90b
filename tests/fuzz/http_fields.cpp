// Fuzz target: a query or form, a cookie, a list of tags, and where a login leads. What is let
// through is text that a page or a header can hold.
#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/http/server/cookie.hpp"
#include "core/platform/http/server/form.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/login/safe_next.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using devy::fuzz::expect;
namespace server = devy::server;

void read_fields(std::string_view text) {
  try {
    const server::Fields fields(text, server::form_limits);
    expect(fields.all().size() <= server::form_limits.fields_max, "fields are bounded");
    for (const auto& [name, value] : fields.all()) {
      expect(fields.has(name), "a field is found by its name");
      expect(devy::base::is_valid_utf8(name) && devy::base::is_valid_utf8(value),
             "a field is UTF-8");
      expect(!devy::base::has_control_character(name), "a name has one line");
      expect(value.find('\0') == std::string::npos, "a value is text");
    }
  } catch (const devy::base::Error& error) {
    expect(error.kind() == devy::base::ErrorKind::usage, "a refusal is the sender's mistake");
  }
  if (const auto part = server::decoded_path_part(text))
    expect(part->find('/') == std::string::npos && !devy::base::has_control_character(*part),
           "a part of a path is one part");
}

void read_headers(std::string_view text) {
  server::ReceivedRequest request;
  request.headers.emplace_back("Cookie", text);
  request.headers.emplace_back("If-None-Match", text);
  static_cast<void>(server::is_known(request, "\"a\""));
  if (const auto value = server::cookie_value(request, "a")) {
    devy::http::Response response;
    server::set_cookie(response, {.name = "a", .value = *value});
    expect(!server::is_broken_line(response.headers.at(0).second), "a cookie has one line");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = devy::fuzz::text_of(data, size);
  read_fields(text);
  read_headers(text);
  const auto next = devy::login::safe_next(text);
  expect(server::redirect_response(303, next).header("Location") == next,
         "a browser can be sent where a login leads");
  return 0;
}
