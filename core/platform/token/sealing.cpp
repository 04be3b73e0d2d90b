#include "core/platform/token/sealing.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "core/platform/base/base64.hpp"
#include "core/platform/base/descriptor.hpp"
#include "core/platform/base/error.hpp"

namespace devy::token {
namespace {

using base::Error;
using base::ErrorKind;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

constexpr std::size_t nonce_bytes = 12, code_bytes = 16;
// Tokens and small documents are sealed.
constexpr std::size_t sealed_text_bytes_max = 64UL * 1024;

const unsigned char* unsigned_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* unsigned_bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

CipherContext new_cipher() {
  return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
}

[[noreturn]] void throw_key_unusable(const std::string& path, const std::string& cause) {
  throw Error(ErrorKind::config, "unable to use key file '" + path + "': " + cause,
              "Make one with `devy-upload config key FILE`, and keep it at mode 0600.",
              "key_file_unusable");
}

[[noreturn]] void throw_seal_broken() {
  throw Error(ErrorKind::config, "unable to open what was sealed: the key is another one",
              "Put the former key file back, or let what was sealed be made again.", "seal_broken");
}

}  // namespace

SealingKey SealingKey::from_file(const std::string& path) {
  return SealingKey(read_key_file(path));
}

base::Secret read_key_file(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) throw_key_unusable(path, strerror(errno));
  if ((info.st_mode & 0177U) != 0) throw_key_unusable(path, "its mode is too open");
  const auto line = base::read_secret_file(path);
  auto key = base::decode_base64(line.reveal());
  if (!key || key->size() != sealing_key_bytes)
    throw_key_unusable(path, "its first line is not base64 of 32 bytes");
  return base::Secret(*std::move(key));
}

std::string SealingKey::seal(std::string_view text, std::string_view purpose) const {
  if (text.size() > sealed_text_bytes_max || key_.reveal().size() != sealing_key_bytes)
    throw Error(ErrorKind::internal, "unable to seal a text: it is too long, or has no key");
  std::string sealed = base::system_random().bytes(nonce_bytes);
  sealed.resize(nonce_bytes + text.size() + code_bytes);
  const auto cipher = new_cipher();
  int length = 0;
  auto* begin = unsigned_bytes(sealed);
  const bool is_done =
      cipher &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, unsigned_bytes(key_.reveal()),
                         begin) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, unsigned_bytes(purpose),
                        static_cast<int>(purpose.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), begin + nonce_bytes, &length, unsigned_bytes(text),
                        static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), begin + nonce_bytes + text.size(), &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, code_bytes,
                          begin + nonce_bytes + text.size()) == 1;
  if (!is_done) throw Error(ErrorKind::internal, "unable to seal a text: OpenSSL refused");
  return sealed;
}

base::Secret SealingKey::open(std::string_view sealed, std::string_view purpose) const {
  if (sealed.size() < seal_bytes || sealed.size() > seal_bytes + sealed_text_bytes_max ||
      key_.reveal().size() != sealing_key_bytes)
    throw_seal_broken();
  const auto nonce = sealed.substr(0, nonce_bytes);
  const auto inner = sealed.substr(nonce_bytes, sealed.size() - seal_bytes);
  std::string code(sealed.substr(sealed.size() - code_bytes));
  std::string text(inner.size(), '\0');
  const auto cipher = new_cipher();
  int length = 0;
  const bool is_begun =
      cipher &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, unsigned_bytes(key_.reveal()),
                         unsigned_bytes(nonce)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &length, unsigned_bytes(purpose),
                        static_cast<int>(purpose.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), unsigned_bytes(text), &length, unsigned_bytes(inner),
                        static_cast<int>(inner.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, code_bytes, code.data()) == 1;
  base::Secret secret(std::move(text));
  unsigned char nothing = 0;
  if (!is_begun || EVP_DecryptFinal_ex(cipher.get(), &nothing, &length) != 1) throw_seal_broken();
  return secret;
}

void make_key_file(const std::string& path, base::Random& random) {
  const base::Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.get() < 0 && errno == EEXIST)
    throw Error(ErrorKind::conflict, "unable to make key file '" + path + "': it exists",
                "What is sealed with the old key would be lost: choose another name, or delete the "
                "file.");
  const auto fail = [&](int cause) {
    throw Error(ErrorKind::config, "unable to make key file '" + path + "': " + strerror(cause),
                "Choose a folder that this user can write to.");
  };
  if (file.get() < 0) fail(errno);
  const auto line = base::encode_base64(random.bytes(sealing_key_bytes)) + "\n";
  const auto written = ::write(file.get(), line.data(), line.size());
  if (written != static_cast<ssize_t>(line.size()) || ::fsync(file.get()) != 0) {
    const int cause = errno;
    ::unlink(path.c_str());
    fail(cause);
  }
}

}  // namespace devy::token
