#pragma once
// Describes the libgit2 that this program runs with, for `version` and `doctor`. Any thread; throws
// nothing.

#include <cstdint>
#include <string>

namespace devy::git {

struct GitLibrary {
  std::string version;     // "1.8.4"
  bool has_https = false;  // built with a TLS library
  bool has_threads = false;
  bool has_shallow = false;  // 1.7 or later: shallow fetches and timeouts (traps.md)
};
[[nodiscard]] GitLibrary git_library();

// The bytes of all objects that this process keeps for a second look.
[[nodiscard]] std::int64_t cached_object_bytes();

}  // namespace devy::git
