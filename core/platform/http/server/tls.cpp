// TLS for http_stream.hpp, by OpenSSL: 1.2 and up, no renegotiation, no resumption. A client may
// show a certificate; one that does not verify ends the handshake.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/stream.hpp"

namespace devy::server {
namespace {

using base::Error;
using base::ErrorKind;

[[noreturn]] void throw_unusable(const char* what, const std::string& file) {
  std::array<char, 256> cause{};
  ERR_error_string_n(ERR_get_error(), cause.data(), cause.size());
  ERR_clear_error();
  throw Error(ErrorKind::config,
              std::string("unable to use ") + what + " '" + file + "': " + cause.data(),
              "It must be PEM that this process can read, and key and certificate must belong "
              "together.");
}

std::string text_of(const X509_NAME* name) {
  BIO* bio = BIO_new(BIO_s_mem());
  if (bio == nullptr) return {};
  X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const auto length = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(std::max(length, 0L)));
  BIO_free(bio);
  return text;
}

void add_alternative_names(const X509* certificate, std::vector<std::string>& subjects) {
  auto* names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    int type = 0;
    const auto* value = static_cast<const ASN1_STRING*>(
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type));
    if (type != GEN_DNS && type != GEN_URI) continue;
    const std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                           static_cast<std::size_t>(ASN1_STRING_length(value)));
    // "a.example\0.evil" is not a.example.
    if (text.find('\0') == std::string::npos)
      subjects.push_back((type == GEN_DNS ? "DNS:" : "URI:") + text);
  }
  GENERAL_NAMES_free(names);
}

class TlsStream : public Stream {
 public:
  TlsStream(base::Descriptor socket, SSL_CTX* context)
      : Stream(std::move(socket)), ssl_(SSL_new(context)) {
    if (ssl_ != nullptr) SSL_set_fd(ssl_, Stream::socket());
  }
  ~TlsStream() override { SSL_free(ssl_); }

  Io handshake() override {
    if (ssl_ == nullptr) return Io::closed;
    const int result = SSL_accept(ssl_);
    return result == 1 ? Io::done : why(result);
  }

  Io read(std::string& target, std::size_t bytes_max) override {
    std::array<char, 16UL * 1024> chunk{};
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_, chunk.data(), std::min(chunk.size(), bytes_max), &count);
    if (result != 1) return why(result);
    target.append(chunk.data(), count);
    return Io::done;
  }

  Io write(std::string_view& rest) override {
    while (!rest.empty()) {
      std::size_t count = 0;
      const int result = SSL_write_ex(ssl_, rest.data(), rest.size(), &count);
      if (result != 1) return why(result);
      rest.remove_prefix(count);
    }
    return Io::done;
  }

  void finish_writing() override {
    SSL_shutdown(ssl_);
    ERR_clear_error();
    ::shutdown(socket(), SHUT_WR);
  }

  [[nodiscard]] bool says_goodbye() const override { return true; }
  [[nodiscard]] bool holds_more() const override { return SSL_has_pending(ssl_) == 1; }

  [[nodiscard]] std::vector<std::string> certificate_subjects() const override {
    std::vector<std::string> subjects;
    X509* certificate = SSL_get1_peer_certificate(ssl_);
    if (certificate == nullptr) return subjects;
    if (SSL_get_verify_result(ssl_) == X509_V_OK) {
      subjects.push_back(text_of(X509_get_subject_name(certificate)));
      add_alternative_names(certificate, subjects);
    }
    X509_free(certificate);
    return subjects;
  }

 private:
  Io why(int result) {
    const int error = SSL_get_error(ssl_, result);
    ERR_clear_error();
    if (error == SSL_ERROR_WANT_READ) return Io::wants_read;
    if (error == SSL_ERROR_WANT_WRITE) return Io::wants_write;
    return Io::closed;
  }

  SSL* ssl_;
};

}  // namespace

Tls::Tls(const TlsSettings& settings) : context_(SSL_CTX_new(TLS_server_method())) {
  if (context_ == nullptr) throw Error(ErrorKind::internal, "unable to begin with TLS");
  try {
    SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
    SSL_CTX_set_options(context_, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    struct stat key {};
    if (stat(settings.key_file.c_str(), &key) == 0 && (key.st_mode & 0137U) != 0)
      throw Error(ErrorKind::config,
                  "unable to use key '" + settings.key_file + "': its mode is too open",
                  "Run `chmod 600` on it so that nobody else can read it.");
    if (SSL_CTX_use_certificate_chain_file(context_, settings.certificate_file.c_str()) != 1)
      throw_unusable("certificate", settings.certificate_file);
    if (SSL_CTX_use_PrivateKey_file(context_, settings.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context_) != 1)
      throw_unusable("key", settings.key_file);
    const auto& client_ca = settings.client_ca_file;
    if (client_ca.empty()) return;
    if (SSL_CTX_load_verify_locations(context_, client_ca.c_str(), nullptr) != 1)
      throw_unusable("client authority", client_ca);
    SSL_CTX_set_client_CA_list(context_, SSL_load_client_CA_file(client_ca.c_str()));
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  } catch (const Error&) {
    SSL_CTX_free(context_);
    throw;
  }
}

Tls::~Tls() {
  SSL_CTX_free(context_);
}

std::unique_ptr<Stream> Tls::make_stream(base::Descriptor socket) const {
  return std::make_unique<TlsStream>(std::move(socket), context_);
}

}  // namespace devy::server
