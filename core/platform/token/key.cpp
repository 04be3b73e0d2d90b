#include "core/platform/token/key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>

#include "core/platform/base/error.hpp"

namespace devy::token {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t secret_bytes_min = 32;
constexpr std::size_t p256_bytes = 32;

[[noreturn]] void throw_unusable(const std::string& cause) {
  throw Error(ErrorKind::config, "unable to use a key: " + cause,
              "RS256 wants RSA of 2048 bits or more, ES256 the curve P-256, HS256 32 bytes.",
              "key_unusable");
}

template <auto function>
struct FreeBy {
  template <class Type>
  void operator()(Type* value) const {
    function(value);
  }
};
using Bio = std::unique_ptr<BIO, FreeBy<&BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, FreeBy<&BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, FreeBy<&OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, FreeBy<&OSSL_PARAM_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, FreeBy<&EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, FreeBy<&EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, FreeBy<&ECDSA_SIG_free>>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

EVP_PKEY* make_key(const char* type, const Builder& builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    throw_unusable("its numbers make none");
  return key;
}

void check(EVP_PKEY* key, Algorithm algorithm) {
  if (algorithm == Algorithm::rs256) {
    if (EVP_PKEY_is_a(key, "RSA") != 1) throw_unusable("it is not RSA");
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < rsa_bits_min || bits > rsa_bits_max)
      throw_unusable("RSA of " + std::to_string(bits) + " bits");
    return;
  }
  std::array<char, 64> group{};
  std::size_t length = 0;
  if (EVP_PKEY_is_a(key, "EC") != 1 ||
      EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) != 1 ||
      std::string_view(group.data()) != SN_X9_62_prime256v1)
    throw_unusable("it is not of the curve P-256");
}

// OpenSSL takes a sequence of two numbers; a token carries them side by side.
std::string to_der(std::string_view signature) {
  if (signature.size() != 2 * p256_bytes) return {};
  Number r(BN_bin2bn(bytes_of(signature), p256_bytes, nullptr));
  Number s(BN_bin2bn(bytes_of(signature) + p256_bytes, p256_bytes, nullptr));
  const Signature pair(ECDSA_SIG_new());
  if (!r || !s || !pair || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  std::array<unsigned char, 128> der{};
  auto* end = der.data();
  const int length = i2d_ECDSA_SIG(pair.get(), &end);
  if (length <= 0 || static_cast<std::size_t>(length) > der.size()) return {};
  return {reinterpret_cast<const char*>(der.data()), static_cast<std::size_t>(length)};
}

bool has_mac(const base::Secret& secret, std::string_view message, std::string_view signature) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned length = 0;
  const auto key = secret.reveal();
  return HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(message),
              message.size(), mac.data(), &length) != nullptr &&
         signature.size() == length && CRYPTO_memcmp(mac.data(), signature.data(), length) == 0;
}

}  // namespace

std::string_view to_string(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::rs256: return "RS256";
    case Algorithm::es256: return "ES256";
    case Algorithm::hs256: return "HS256";
  }
  return "";
}

std::optional<Algorithm> parse_algorithm(std::string_view text) {
  for (const auto algorithm : {Algorithm::rs256, Algorithm::es256, Algorithm::hs256})
    if (text == to_string(algorithm)) return algorithm;
  return std::nullopt;
}

void Key::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

Key::Key(Algorithm algorithm, evp_pkey_st* key) : algorithm_(algorithm), key_(key) {
  if (key != nullptr) check(key, algorithm);
}

Key Key::from_pem(std::string_view pem, Algorithm algorithm) {
  if (algorithm == Algorithm::hs256) throw_unusable("HS256 wants a secret");
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EVP_PKEY* key = bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr;
  if (key == nullptr) throw_unusable("it is no public key in PEM");
  return {algorithm, key};
}

Key Key::from_secret(base::Secret secret) {
  if (base::is_key_text(secret.reveal())) throw_unusable("HS256 wants a secret, not a key file");
  if (secret.reveal().size() < secret_bytes_min) throw_unusable("its secret is too short");
  Key key(Algorithm::hs256, nullptr);
  key.secret_ = std::move(secret);
  return key;
}

Key Key::from_rsa(std::string_view modulus, std::string_view exponent) {
  if (modulus.size() > rsa_bits_max / 8 || exponent.size() > 8)
    throw_unusable("its numbers are too large");
  const Number n(BN_bin2bn(bytes_of(modulus), static_cast<int>(modulus.size()), nullptr));
  const Number e(BN_bin2bn(bytes_of(exponent), static_cast<int>(exponent.size()), nullptr));
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    throw_unusable("its numbers make none");
  return {Algorithm::rs256, make_key("RSA", builder)};
}

Key Key::from_p256(std::string_view x, std::string_view y) {
  if (x.size() != p256_bytes || y.size() != p256_bytes)
    throw_unusable("its coordinates are not of 32 bytes");
  const std::string point = "\x04" + std::string(x) + std::string(y);
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                      SN_X9_62_prime256v1, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1)
    throw_unusable("its numbers make none");
  return {Algorithm::es256, make_key("EC", builder)};
}

bool Key::has_signed(std::string_view message, std::string_view signature) const {
  if (algorithm_ == Algorithm::hs256) return has_mac(secret_, message, signature);
  const auto der = algorithm_ == Algorithm::es256 ? to_der(signature) : std::string(signature);
  const Digest digest(EVP_MD_CTX_new());
  return !der.empty() && digest &&
         EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(digest.get(), bytes_of(der), der.size(), bytes_of(message),
                          message.size()) == 1;
}

bool is_key_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
             std::string_view::npos;
}

}  // namespace devy::token
