#pragma once
// A connection as the test server reads and writes it: plain or TLS. Borrows the socket. One
// thread.

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace devy::testing {

class HttpStream {
 public:
  virtual ~HttpStream() = default;
  // Bytes read; 0 or less at the end.
  virtual ssize_t read(char* to, std::size_t size) = 0;
  // False when the peer went away.
  virtual bool write(std::string_view bytes) = 0;
};

// A certificate that signs itself: its file is the authority to trust, too.
struct TlsIdentity {
  std::string certificate_file, key_file;
  bool speaks_old_tls_only = false;  // 1.0 and 1.1, which nobody should speak any more
};
enum class Validity { now, over };
[[nodiscard]] TlsIdentity make_tls_identity(
    const std::string& folder, Validity validity = Validity::now,
    const std::string& names = "DNS:localhost,IP:127.0.0.1");

[[nodiscard]] std::unique_ptr<HttpStream> make_plain_stream(int socket);
// Nothing when the handshake fails.
[[nodiscard]] std::unique_ptr<HttpStream> make_tls_stream(int socket, const TlsIdentity& identity);

}  // namespace devy::testing
