#include "core/platform/web/login/csrf.hpp"

#include <algorithm>

#include "core/platform/base/base64.hpp"
#include "core/platform/base/sha256.hpp"

namespace devy::login {
namespace {

constexpr std::size_t code_bytes = 32;

std::string xor_of(std::string_view a, std::string_view b) {
  std::string mixed(a);
  for (std::size_t i = 0; i < mixed.size(); ++i)
    mixed[i] =
        static_cast<char>(static_cast<unsigned char>(mixed[i]) ^ static_cast<unsigned char>(b[i]));
  return mixed;
}

base::Sha256 code_of(std::string_view session_token) {
  return base::hmac_sha256(session_token, "csrf");
}

bool has_header(const http::Headers& headers, std::string_view name) {
  return !http::first_header(headers, name).empty();
}

}  // namespace

std::string new_csrf_token(std::string_view session_token, base::Random& random) {
  const auto mask = random.bytes(code_bytes);
  const auto code = code_of(session_token);
  return base::encode_base64url(mask + xor_of(mask, base::view_of(code)));
}

bool is_csrf_token(std::string_view session_token, std::string_view csrf_token) {
  const auto bytes = base::decode_base64url(csrf_token);
  if (session_token.empty() || !bytes || bytes->size() != 2 * code_bytes) return false;
  const auto text = std::string_view(*bytes);
  const auto code = code_of(session_token);
  return base::is_same_secret(xor_of(text.substr(0, code_bytes), text.substr(code_bytes)),
                              base::view_of(code));
}

bool is_from_own_page(const http::Headers& headers, const std::vector<std::string>& own_origins) {
  // Two of a header are as bad as a wrong one.
  if (has_header(headers, "Sec-Fetch-Site"))
    return http::only_header(headers, "Sec-Fetch-Site") == "same-origin";
  const auto origin = http::only_header(headers, "Origin");
  return !origin.empty() && std::ranges::find(own_origins, origin) != own_origins.end();
}

}  // namespace devy::login
