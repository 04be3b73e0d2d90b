#include "core/platform/base/sha256.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/platform/base/error.hpp"

namespace devy::base {
namespace {

void check(int result) {
  if (result != 1) throw Error(ErrorKind::internal, "unable to compute a SHA-256 digest");
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  Sha256 digest{};
  check(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr));
  return digest;
}

Sha256 hmac_sha256(std::string_view key, std::string_view text) {
  Sha256 mac{};
  unsigned length = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const bool is_done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes,
                            text.size(), mac.data(), &length) != nullptr;
  check(is_done && length == mac.size() ? 1 : 0);
  return mac;
}

bool is_same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

struct Sha256Stream::Context {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> handle{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {
  check(context_->handle ? EVP_DigestInit_ex(context_->handle.get(), EVP_sha256(), nullptr) : 0);
}
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::field(std::string_view bytes) {
  std::array<std::uint8_t, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i)
    length[i] = static_cast<std::uint8_t>(bytes.size() >> (8 * i));
  check(EVP_DigestUpdate(context_->handle.get(), length.data(), length.size()));
  check(EVP_DigestUpdate(context_->handle.get(), bytes.data(), bytes.size()));
}

void Sha256Stream::add(std::string_view bytes) {
  check(EVP_DigestUpdate(context_->handle.get(), bytes.data(), bytes.size()));
}

Sha256 Sha256Stream::finish() {
  Sha256 digest{};
  check(EVP_DigestFinal_ex(context_->handle.get(), digest.data(), nullptr));
  return digest;
}

}  // namespace devy::base
