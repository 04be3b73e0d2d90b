#pragma once
// The digest that the sender of a part of a file says beside it (tus, "Checksum"): sha256 or sha1.
// One thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/sha1.hpp"
#include "core/platform/base/sha256.hpp"

namespace devy::receive {

inline constexpr std::string_view checksum_algorithms = "sha256,sha1";

class BodyChecksum {
 public:
  // `header`: the name of the algorithm, a blank, the digest in base64. Throws Error(rejected,
  // "checksum_refused") for an unknown algorithm, or what is no digest of it.
  explicit BodyChecksum(std::string_view header);
  void add(std::string_view bytes);
  // Call it once, at the end.
  [[nodiscard]] bool is_right();

 private:
  std::optional<base::Sha256Stream> sha256_;
  std::optional<base::Sha1Stream> sha1_;
  std::string wanted_;
};

}  // namespace devy::receive
