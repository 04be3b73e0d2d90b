#pragma once
// SHA-1 by OpenSSL, for protocols that check with it whether bytes arrived; it proves nothing of
// who sent them. Throws Error(internal) when OpenSSL does not provide it. One thread.

#include <memory>
#include <string>
#include <string_view>

namespace devy::base {

class Sha1Stream {
 public:
  Sha1Stream();
  ~Sha1Stream();
  Sha1Stream(const Sha1Stream&) = delete;
  Sha1Stream& operator=(const Sha1Stream&) = delete;
  void add(std::string_view bytes);
  // The 20 bytes of the digest. Call it once, at the end.
  [[nodiscard]] std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace devy::base
