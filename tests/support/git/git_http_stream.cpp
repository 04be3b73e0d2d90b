#include "tests/support/git/git_http_stream.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <vector>

namespace devy::testing {
namespace {

template <class Handle, auto free_handle>
struct Free {
  void operator()(Handle* handle) const { free_handle(handle); }
};
template <class Handle, auto free_handle>
using Owned = std::unique_ptr<Handle, Free<Handle, free_handle>>;

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Owned<X509, X509_free>;
using Context = Owned<SSL_CTX, SSL_CTX_free>;
using Session = Owned<SSL, SSL_free>;
using File = Owned<std::FILE, std::fclose>;

class PlainStream : public HttpStream {
 public:
  explicit PlainStream(int socket) : socket_(socket) {}
  ssize_t read(char* to, std::size_t size) override {
    for (;;) {
      const auto count = recv(socket_, to, size, 0);
      if (count >= 0 || errno != EINTR) return count;
    }
  }
  bool write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

 private:
  int socket_;
};

class TlsStream : public HttpStream {
 public:
  TlsStream(Context context, Session session)
      : context_(std::move(context)), session_(std::move(session)) {}
  ~TlsStream() override { SSL_shutdown(session_.get()); }
  ssize_t read(char* to, std::size_t size) override {
    return SSL_read(session_.get(), to, static_cast<int>(size));
  }
  bool write(std::string_view bytes) override {
    return bytes.empty() ||
           SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }

 private:
  Context context_;
  Session session_;
};

void add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  if (!extension) throw std::runtime_error("no certificate extension");
  X509_add_ext(certificate, extension.get(), -1);
}

Certificate make_certificate(EVP_PKEY* key, Validity validity, const std::string& names) {
  constexpr long hour = 3600;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -48 * hour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()),
                  validity == Validity::now ? 24 * hour : -hour);
  X509_set_pubkey(certificate.get(), key);
  auto* name = X509_get_subject_name(certificate.get());
  const std::string common_name = "localhost";
  std::vector<unsigned char> bytes(common_name.begin(), common_name.end());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, bytes.data(), static_cast<int>(bytes.size()),
                             -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), NID_subject_alt_name, names.c_str());
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0)
    throw std::runtime_error("no certificate");
  return certificate;
}

}  // namespace

TlsIdentity make_tls_identity(const std::string& folder, Validity validity,
                              const std::string& names) {
  const TlsIdentity identity{folder + "/certificate.pem", folder + "/key.pem", false};
  const Key key(EVP_EC_gen("P-256"));
  const auto certificate = make_certificate(key.get(), validity, names);
  const File certificate_file(std::fopen(identity.certificate_file.c_str(), "w"));
  const File key_file(std::fopen(identity.key_file.c_str(), "w"));
  if (!certificate_file || !key_file) throw std::runtime_error("cannot write in " + folder);
  PEM_write_X509(certificate_file.get(), certificate.get());
  PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return identity;
}

std::unique_ptr<HttpStream> make_plain_stream(int socket) {
  return std::make_unique<PlainStream>(socket);
}

std::unique_ptr<HttpStream> make_tls_stream(int socket, const TlsIdentity& identity) {
  Context context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate_file(context.get(), identity.certificate_file.c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_use_PrivateKey_file(context.get(), identity.key_file.c_str(), SSL_FILETYPE_PEM);
  if (identity.speaks_old_tls_only) {
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
  }
  Session session(SSL_new(context.get()));
  SSL_set_fd(session.get(), socket);
  if (SSL_accept(session.get()) <= 0) return nullptr;
  return std::make_unique<TlsStream>(std::move(context), std::move(session));
}

}  // namespace devy::testing
