#include "core/platform/base/sha1.hpp"

#include <openssl/evp.h>

#include "core/platform/base/error.hpp"

namespace devy::base {
namespace {

void check_sha1(int result) {
  if (result != 1) throw Error(ErrorKind::internal, "unable to compute a SHA-1 digest");
}

}  // namespace

struct Sha1Stream::Context {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> handle{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha1Stream::Sha1Stream() : context_(std::make_unique<Context>()) {
  check_sha1(context_->handle ? EVP_DigestInit_ex(context_->handle.get(), EVP_sha1(), nullptr) : 0);
}
Sha1Stream::~Sha1Stream() = default;

void Sha1Stream::add(std::string_view bytes) {
  check_sha1(EVP_DigestUpdate(context_->handle.get(), bytes.data(), bytes.size()));
}

std::string Sha1Stream::finish() {
  constexpr std::size_t sha1_bytes = 20;
  std::string digest(sha1_bytes, '\0');
  check_sha1(EVP_DigestFinal_ex(context_->handle.get(),
                                reinterpret_cast<unsigned char*>(digest.data()), nullptr));
  return digest;
}

}  // namespace devy::base
