#pragma once
// The keys of the configuration and of the JWKS file. The file is read again when it changes, so
// keys can be added and removed without a restart; an invalid file leaves the last good one in
// force. Any thread.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/token/key.hpp"

namespace devy::token {

inline constexpr std::size_t keys_max = 64;
inline constexpr std::size_t jwks_bytes_max = 256UL * 1024;

class KeyRing {
 public:
  // Each of `entries` has the form "id ALG /path [until TIME]". Throws Error(config) for anything
  // that cannot be used; for the JWKS file only here. `jwks_file` may be empty.
  KeyRing(const std::vector<std::string>& entries, std::string jwks_file);

  // Checks whether the file has changed, at most once a second.
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
  std::mutex mutex_;                  // guards the members below
  std::shared_ptr<const Keys> keys_;  // a request keeps the ring with which it began
  Stamp read_;
  base::MonotonicTime looked_at_{};
};

// Throws Error(config).
[[nodiscard]] Keys parse_jwks(std::string_view json);

}  // namespace devy::token
