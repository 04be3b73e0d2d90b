#include "core/platform/token/signer.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "core/platform/base/base64.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/token/key.hpp"

namespace devy::token {
namespace {

using base::Error;
using base::ErrorKind;

[[noreturn]] void throw_unusable_private_key(const std::string& cause) {
  throw Error(ErrorKind::config, "unable to use a private key: " + cause,
              "It must be an RSA key of 2048 bits or more in PEM, without a passphrase.",
              "key_unusable");
}

// Without this callback OpenSSL would read a passphrase from the terminal.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

std::int64_t seconds_of(base::TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string message_of(const NewToken& token) {
  auto header = json::Json::object({{"alg", "RS256"}, {"typ", "JWT"}});
  if (!token.key_id.empty()) header.set("kid", token.key_id);
  auto claims = json::Json::object({{"iss", token.issuer},
                                    {"iat", seconds_of(token.issued_at)},
                                    {"exp", seconds_of(token.ends_at)}});
  if (!token.audience.empty()) claims.set("aud", token.audience);
  if (!token.subject.empty()) claims.set("sub", token.subject);
  return base::encode_base64url(header.compact()) + "." + base::encode_base64url(claims.compact());
}

}  // namespace

void Signer::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

Signer Signer::from_pem(std::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all);
  Signer signer(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr)
                    : nullptr);
  auto* key = signer.key_.get();
  if (key == nullptr) throw_unusable_private_key("it is no private key in PEM");
  if (EVP_PKEY_is_a(key, "RSA") != 1) throw_unusable_private_key("it is not RSA");
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < rsa_bits_min || bits > rsa_bits_max)
    throw_unusable_private_key("RSA of " + std::to_string(bits) + " bits");
  return signer;
}

std::string Signer::sign(const NewToken& token) const {
  const auto message = message_of(token);
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                       &EVP_MD_CTX_free);
  std::string signature(static_cast<std::size_t>(rsa_bits_max / 8), '\0');
  std::size_t length = signature.size();
  if (!digest ||
      EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                     bytes, message.size()) != 1)
    throw Error(ErrorKind::internal, "unable to sign a token: OpenSSL refused");
  signature.resize(length);
  return message + "." + base::encode_base64url(signature);
}

}  // namespace devy::token
