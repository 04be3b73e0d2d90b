#include "core/platform/http/httplib_transport.hpp"

#include <httplib.h>
#include <openssl/x509_vfy.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/secret.hpp"

namespace devy::http {
namespace {

using base::Error;
using base::ErrorKind;

struct Address {
  std::string origin, target;
};

// "https://host:1/path?query" is https://host:1 and /path?query.
Address split(const std::string& url) {
  const auto scheme_end = url.find("://");
  const auto path = scheme_end == std::string::npos ? scheme_end : url.find('/', scheme_end + 3);
  const bool is_known = url.starts_with("http://") || url.starts_with("https://");
  if (!is_known || url.find('@') < path)
    throw Error(ErrorKind::rejected,
                "unable to ask '" + base::redact(url) + "': neither http nor https",
                "Use an http or https address without a user name.", "url_not_allowed");
  if (path == std::string::npos) return {url, "/"};
  return {url.substr(0, path), url.substr(path)};
}

[[noreturn]] void throw_failure(const std::string& url, httplib::Error failure) {
  const std::string subject = "unable to ask '" + base::redact(url) + "': ";
  const auto unavailable = [&](const char* cause, const char* code) {
    return Error(ErrorKind::unavailable, subject + cause,
                 "Check that the server is up and can be reached from this machine.", code);
  };
  // Not a switch: newer releases of httplib know more failures, more kinds of TLS ones among them.
  if (failure == httplib::Error::SSLConnection)
    throw Error(ErrorKind::denied, subject + "no TLS connection can be made",
                "Check the server's certificate, its protocol versions, and git.ca_file.",
                "tls_verify");
  if (httplib::to_string(failure).starts_with("SSL"))
    throw Error(
        ErrorKind::denied, subject + "its TLS certificate is not trusted",
        "Check the server's certificate, and git.ca_file if it has an authority of its own.",
        "tls_verify");
  if (failure == httplib::Error::Connection)
    throw unavailable("the connection failed", "connect_failed");
  if (failure == httplib::Error::ConnectionTimeout)
    throw unavailable("the server does not answer", "timed_out");
  throw unavailable("the connection broke", "connection_broken");
}

// Returns the host of "https://host:1" or "https://[::1]:1".
std::string host_of(const std::string& origin) {
  auto host = origin.substr(origin.find("://") + 3);
  const bool is_bracketed = host.starts_with('[');
  host.erase(std::min(host.find(is_bracketed ? ']' : ':'), host.size()));
  return is_bracketed ? host.substr(1) : host;
}

// httplib would accept a name in the certificate's subject, whatever other names the certificate is
// for. OpenSSL checks the subject only where there are no others (RFC 6125).
void check_name(SSL_CTX* context, const std::string& host) {
  if (context == nullptr) return;
  auto* parameters = SSL_CTX_get0_param(context);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) != 1)
    X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
}

// httplib and OpenSSL write to sockets without MSG_NOSIGNAL: a server that hangs up would end this
// whole process. Blocks SIGPIPE in this thread, and takes the one that came meanwhile away.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;
  ~NoBrokenPipe() {
    const timespec at_once{0, 0};
    if (!was_pending_) sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{}, before_{};
  bool was_pending_ = false;
};

// Sends a piece of a file that begins so many bytes behind the beginning of its range.
bool write_piece(const FileRange& range, std::size_t offset, std::size_t length,
                 httplib::DataSink& sink) {
  constexpr std::size_t piece_bytes_max = 64UL * 1024;
  std::string piece(std::min(length, piece_bytes_max), '\0');
  const auto count = ::pread(range.file->get(), piece.data(), piece.size(),
                             static_cast<off_t>(range.offset + offset));
  return count > 0 && sink.write(piece.data(), static_cast<std::size_t>(count));
}

class HttplibTransport : public Transport {
 public:
  explicit HttplibTransport(TransportOptions options) : options_(std::move(options)) {}

  Response send(const Request& request, const OnBody& on_body) override {
    const NoBrokenPipe guard;
    const auto address = split(request.url);
    auto& client = client_of(address.origin);
    Response response;
    bool is_over = false, is_late = false;
    httplib::Request outgoing;
    outgoing.method = request.method;
    outgoing.path = address.target;
    outgoing.body = request.body;
    for (const auto& [key, value] : request.headers)
      outgoing.headers.emplace(key, value);
    bool streams = false;
    outgoing.response_handler = [&](const httplib::Response& head) {
      streams = on_body && head.status == 200;
      return true;
    };
    std::uint64_t received = 0;
    const auto bytes_max =
        request.answer_bytes_max != 0 ? request.answer_bytes_max : options_.body_bytes_max;
    // A receiver of our own is the only bound that holds for chunked bodies too.
    const auto begun_at = base::system_clock().monotonic_now();
    outgoing.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                    std::uint64_t) {
      received += size;
      is_over = received > bytes_max;
      bool goes_on = true;
      if (!is_over && streams) goes_on = on_body({data, size});
      else if (!is_over) response.body.append(data, size);
      // A server that drips is never silent.
      is_late = base::system_clock().monotonic_now() - begun_at > options_.answer_timeout;
      return !is_over && !is_late && goes_on;
    };
    if (request.file) {
      outgoing.content_length_ = request.file->length;
      outgoing.content_provider_ = [&](std::size_t offset, std::size_t length,
                                       httplib::DataSink& sink) {
        return write_piece(*request.file, offset, length, sink);
      };
    }
    const auto result = client.send(outgoing);
    if (!options_.keeps_connection || !result) kept_.reset();
    if (is_over)
      throw Error(ErrorKind::rejected,
                  "unable to ask '" + base::redact(request.url) + "': the answer is over " +
                      std::to_string(bytes_max) + " bytes",
                  "Check that the address is the one you mean.", "response_too_large");
    if (is_late) throw_failure(request.url, httplib::Error::ConnectionTimeout);
    if (!result) throw_failed(request.url, result.error(), begun_at);
    response.status = result->status;
    for (const auto& [key, value] : result->headers)
      response.headers.emplace_back(key, value);
    return response;
  }

 private:
  // httplib reports a silent server and a broken connection alike; the elapsed time distinguishes
  // them.
  [[noreturn]] void throw_failed(const std::string& url, httplib::Error failure,
                                 base::MonotonicTime begun_at) const {
    const auto waited = base::system_clock().monotonic_now() - begun_at;
    const bool is_silence = failure == httplib::Error::Read && waited >= options_.read_timeout;
    throw_failure(url, is_silence ? httplib::Error::ConnectionTimeout : failure);
  }

  httplib::Client& client_of(const std::string& origin) {
    if (kept_ && kept_origin_ == origin) return *kept_;
    kept_ = std::make_unique<httplib::Client>(origin);
    kept_origin_ = origin;
    auto& client = *kept_;
    client.set_connection_timeout(options_.connect_timeout);
    client.set_read_timeout(options_.read_timeout);
    client.set_write_timeout(options_.read_timeout);
    client.set_follow_location(false);
    client.set_keep_alive(options_.keeps_connection);
    client.set_tcp_nodelay(options_.keeps_connection);
    client.set_decompress(false);
    client.set_url_encode(false);
    client.enable_server_certificate_verification(true);
    if (origin.starts_with("https://")) check_name(client.ssl_context(), host_of(origin));
    if (!options_.ca_file.empty()) client.set_ca_cert_path(options_.ca_file);
    return client;
  }

  TransportOptions options_;
  std::string kept_origin_;
  std::unique_ptr<httplib::Client> kept_;
};

}  // namespace

std::unique_ptr<Transport> make_httplib_transport(TransportOptions options) {
  return std::make_unique<HttplibTransport>(std::move(options));
}

}  // namespace devy::http
