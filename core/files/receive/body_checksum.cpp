#include "core/files/receive/body_checksum.hpp"

#include <algorithm>

#include "core/platform/base/base64.hpp"
#include "core/platform/base/error.hpp"

namespace devy::receive {

BodyChecksum::BodyChecksum(std::string_view header) {
  constexpr std::size_t sha256_bytes = 32, sha1_bytes = 20;
  const auto blank = std::min(header.find(' '), header.size());
  const auto algorithm = header.substr(0, blank);
  const auto digest = base::decode_base64(header.substr(std::min(blank + 1, header.size())));
  if (algorithm == "sha256") sha256_.emplace();
  else if (algorithm == "sha1") sha1_.emplace();
  const auto bytes = sha256_ ? sha256_bytes : sha1_bytes;
  if ((!sha256_ && !sha1_) || !digest || digest->size() != bytes)
    throw base::Error(base::ErrorKind::rejected, "unable to read Upload-Checksum",
                      "Send `sha256` or `sha1`, a blank, and the digest in base64.",
                      "checksum_refused");
  wanted_ = *digest;
}

void BodyChecksum::add(std::string_view bytes) {
  if (sha256_) sha256_->add(bytes);
  else sha1_->add(bytes);
}

bool BodyChecksum::is_right() {
  if (sha256_) return base::view_of(sha256_->finish()) == wanted_;
  return sha1_->finish() == wanted_;
}

}  // namespace devy::receive
