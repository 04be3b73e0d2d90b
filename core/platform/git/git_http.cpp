#include "core/platform/git/git_http.hpp"

#include <openssl/evp.h>

#include <vector>

#include "core/platform/git/fetch_error.hpp"

namespace devy::git {
namespace {

using base::Error;
using base::ErrorKind;

std::string basic_authorization(const base::Secret& token) {
  const std::string plain = "x-access-token:" + std::string(token.reveal());
  std::vector<unsigned char> bytes(plain.begin(), plain.end());
  std::vector<unsigned char> text(4 * ((plain.size() + 2) / 3) + 1);
  const int length = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  return "Basic " + std::string(text.begin(), text.begin() + length);
}

}  // namespace

http::Response send_to_git(http::Transport& transport, http::Request request,
                           const std::string& url, const base::Secret* token,
                           const http::OnBody& on_body) {
  // Servers recognise git clients by this name.
  request.headers.emplace_back("User-Agent", "git/2.0 (devy-upload)");
  request.headers.emplace_back("Accept-Encoding", "identity");
  request.headers.emplace_back("Pragma", "no-cache");
  if (token != nullptr) request.headers.emplace_back("Authorization", basic_authorization(*token));
  try {
    return transport.send(request, on_body);
  } catch (const Error& error) {
    if (error.code() == "tls_verify")
      throw fetch_error(ErrorKind::denied, "tls_verify", url,
                        "its TLS certificate cannot be verified", error.hint());
    if (error.code() == "timed_out") throw fetch_stalled(url);
    if (error.kind() == ErrorKind::unavailable)
      throw fetch_error(ErrorKind::unavailable, "remote_unavailable", url,
                        error.code() == "connect_failed" ? "the server cannot be reached"
                                                         : "the connection broke",
                        error.hint());
    throw;
  }
}

}  // namespace devy::git
