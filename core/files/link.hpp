#pragma once
// Links by which anybody gets the bytes of one file for a while (files.md, section 5): an HMAC over
// the file's id and the time at which the link ends. Pure; any thread.
//
// `key` is that of files.link_key_file (platform/token/sealing.hpp, read_key_file).

#include <chrono>
#include <string>
#include <string_view>

#include "core/files/store/file.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"

namespace devy::files {

inline constexpr std::chrono::seconds link_life_max{3600};

// "/v1/files/<id>/shared?expires=<seconds since 1970>&signature=<base64url>"
[[nodiscard]] std::string link_path(const base::Secret& key, const FileId& id,
                                    base::TimePoint expires_at);

enum class LinkState { good, expired, wrong };
// `expires` and `signature` as they came.
[[nodiscard]] LinkState judge_link(const base::Secret& key, const FileId& id,
                                   std::string_view expires, std::string_view signature,
                                   base::TimePoint now);

}  // namespace devy::files
