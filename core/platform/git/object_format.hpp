#pragma once
// Repositories whose objects have names other than SHA-1's 20 bytes: git can make them, GitHub and
// libgit2 know none, and nothing here can read one. Any thread.

#include <string>
#include <string_view>

#include "core/platform/base/error.hpp"

namespace devy::git {

inline constexpr std::string_view known_object_format = "sha1";

// Error(rejected, "object_format_unsupported"); `what` could not be done, as in "fetch 'url'".
[[nodiscard]] base::Error object_format_unsupported(const std::string& what,
                                                    std::string_view format);

// The object format of the repository that a path of this disk is, or lies in; that of SHA-1 where
// there is none.
[[nodiscard]] std::string object_format_of(const std::string& path);

}  // namespace devy::git
