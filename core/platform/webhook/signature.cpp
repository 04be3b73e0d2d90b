#include "core/platform/webhook/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "core/platform/base/error.hpp"

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

int signature_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<Mac> parse_signature(std::string_view text) {
  if (!text.starts_with(scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  if (text.size() != 2 * mac_bytes) return std::nullopt;
  Mac mac{};
  for (std::size_t i = 0; i < mac_bytes; ++i) {
    const int high = signature_digit(text[2 * i]), low = signature_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    mac[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return mac;
}

}  // namespace

std::string sign(std::string_view body, const base::Secret& secret) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text(scheme);
  for (const auto byte : mac_of(body, secret)) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
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
    if (candidate.github_id && candidate.github_id != target) continue;
    if (candidate.secret.empty() || ++tried > candidates_max) continue;
    const auto mac = mac_of(body, candidate.secret);
    if (CRYPTO_memcmp(mac.data(), compared.data(), mac_bytes) == 0 && given) signer = &candidate;
  }
  return signer;
}

}  // namespace devy::webhook
