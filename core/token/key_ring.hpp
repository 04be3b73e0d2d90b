#pragma once
// The keys of the configuration and of the JWKS file, which is read again when it changes: keys
// come and go without a restart, and a broken file leaves the last good one in force. Any thread.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/token/key.hpp"

namespace devy::token {

inline constexpr std::size_t keys_max = 64;
inline constexpr std::size_t jwks_bytes_max = 256UL * 1024;

class KeyRing {
 public:
  // `entries`: "id ALG /path [until TIME]". Throws Error(config) for whatever cannot be used; also
  // for the JWKS file, this once. `jwks_file` may be empty.
  KeyRing(const std::vector<std::string>& entries, std::string jwks_file);

  // Looks whether the file has changed, at most once a second.
  [[nodiscard]] std::shared_ptr<const Keys> keys(base::MonotonicTime now);

 private:
  struct Stamp {
    std::int64_t seconds = 0, nanoseconds = 0, size = 0, inode = 0;
    bool operator==(const Stamp&) const = default;
  };
  [[nodiscard]] Stamp stamp() const;
  void reread(const Stamp& found);

  const std::string jwks_file_;
  Keys fixed_;
  std::mutex mutex_;                  // guards what follows
  std::shared_ptr<const Keys> keys_;  // requests go on with the ring they began with
  Stamp read_;
  base::MonotonicTime looked_at_{};
};

// Throws Error(config).
[[nodiscard]] Keys parse_jwks(std::string_view json);

}  // namespace devy::token
