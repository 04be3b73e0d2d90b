#include "tests/support/token/site_token.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace devy::testing {
namespace {

std::string base64url(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  text = text.substr(0, text.find_first_of(std::string("=\0", 2)));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

}  // namespace

std::string site_token(std::string_view secret, const std::string& subject, int life_seconds,
                       const std::string& id) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const auto message = base64url(R"({"alg":"HS256","kid":"site"})") + "." +
                       base64url(R"({"iss":"https://devy.example","aud":"devy-upload","sub":")" +
                                 subject + R"(","iat":)" + std::to_string(now) + R"(,"exp":)" +
                                 std::to_string(now + life_seconds) +
                                 (id.empty() ? "" : R"(,"jti":")" + id + '"') + "}");
  std::array<unsigned char, 32> mac{};
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac.data(), &length);
  return message + "." + base64url({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

}  // namespace devy::testing
