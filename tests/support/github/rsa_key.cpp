#include "tests/support/github/rsa_key.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <map>
#include <memory>
#include <stdexcept>

namespace devy::testing {
namespace {

using KeyHandle = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

RsaKey make(unsigned bits) {
  const KeyHandle key(EVP_RSA_gen(bits), &EVP_PKEY_free);
  const Bio secret(BIO_new(BIO_s_mem()), &BIO_free_all), known(BIO_new(BIO_s_mem()), &BIO_free_all);
  if (!key ||
      PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1 ||
      PEM_write_bio_PUBKEY(known.get(), key.get()) != 1)
    throw std::runtime_error("unable to make an RSA key");
  return {text_of(secret), text_of(known)};
}

}  // namespace

const RsaKey& rsa_key(unsigned bits) {
  static std::map<unsigned, RsaKey> made;
  const auto found = made.find(bits);
  return found != made.end() ? found->second : made.emplace(bits, make(bits)).first->second;
}

}  // namespace devy::testing
