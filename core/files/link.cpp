#include "core/files/link.hpp"

#include <charconv>

#include "core/platform/base/base64.hpp"
#include "core/platform/base/sha256.hpp"

namespace devy::files {
namespace {

// A key may sign other things, too.
constexpr std::string_view link_purpose = "devy file link";

std::string link_signature(const base::Secret& key, const FileId& id, std::string_view expires) {
  const auto text = std::string(link_purpose) + "\n" + id.text() + "\n" + std::string(expires);
  return base::encode_base64url(base::view_of(base::hmac_sha256(key.reveal(), text)));
}

}  // namespace

std::string link_path(const base::Secret& key, const FileId& id, base::TimePoint expires_at) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(expires_at.time_since_epoch()).count();
  const auto expires = std::to_string(seconds);
  return "/v1/files/" + id.text() + "/shared?expires=" + expires +
         "&signature=" + link_signature(key, id, expires);
}

LinkState judge_link(const base::Secret& key, const FileId& id, std::string_view expires,
                     std::string_view signature, base::TimePoint now) {
  if (!base::is_same_secret(link_signature(key, id, expires), signature)) return LinkState::wrong;
  std::int64_t seconds = 0;
  const auto* end = expires.data() + expires.size();
  const auto [rest, error] = std::from_chars(expires.data(), end, seconds);
  if (error != std::errc() || rest != end) return LinkState::wrong;
  return now.time_since_epoch() < std::chrono::seconds(seconds) ? LinkState::good
                                                                : LinkState::expired;
}

}  // namespace devy::files
