#include "core/platform/webhook/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"

namespace devy::webhook {
namespace {

constexpr std::string_view scheme = "sha256=";
constexpr std::size_t mac_bytes = 32;
using Mac = std::array<unsigned char, mac_bytes>;

Mac mac_of(std::string_view body, const base::Secret& secret) {
  Mac mac{};
  unsigned length = 0;
  const auto key = secret.reveal();
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(body.data()), body.size(), mac.data(),
           &length) == nullptr ||
      length != mac.size())
    throw base::Error(base::ErrorKind::internal, "unable to compute a signature: OpenSSL failed");
  return mac;
}

std::optional<Mac> parse_signature(std::string_view text) {
  if (!text.starts_with(scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  Mac mac{};
  return base::read_hex(text, mac) ? std::optional(mac) : std::nullopt;
}

}  // namespace

std::string sign(std::string_view body, const base::Secret& secret) {
  return std::string(scheme) + base::to_hex(mac_of(body, secret));
}

const SigningSecret* find_signer(std::span<const SigningSecret> secrets, std::string_view body,
                                 std::string_view signature, std::optional<std::int64_t> target,
                                 base::TimePoint now) {
  const auto given = parse_signature(signature);
  // One that is missing or malformed is compared too: it takes as long as one that is wrong.
  const auto compared = given.value_or(Mac{});
  const SigningSecret* signer = nullptr;
  std::size_t tried = 0;
  for (const auto& candidate : secrets) {
    if (candidate.ends_at && *candidate.ends_at <= now) continue;
    const auto& scope = candidate.scope;
    if (scope.reach == Reach::repository && scope.github_id != target) continue;
    if (candidate.secret.empty() || ++tried > candidates_max) continue;
    const auto mac = mac_of(body, candidate.secret);
    if (CRYPTO_memcmp(mac.data(), compared.data(), mac_bytes) == 0 && given) signer = &candidate;
  }
  return signer;
}

}  // namespace devy::webhook
