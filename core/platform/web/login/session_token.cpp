#include "core/platform/web/login/session_token.hpp"

#include "core/platform/base/base64.hpp"

namespace devy::login {
namespace {

constexpr std::size_t token_bytes = 32;

}  // namespace

base::Secret new_token(base::Random& random) {
  return base::Secret(base::encode_base64url(random.bytes(token_bytes)));
}

std::optional<base::Sha256> token_hash(std::string_view token) {
  if (token.size() != token_letters || !base::decode_base64url(token)) return std::nullopt;
  return base::sha256(token);
}

}  // namespace devy::login
