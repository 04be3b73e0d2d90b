#pragma once
// A word as sh, zsh and fish take it: 'it'\''s'. Pure; any thread.

#include <string>
#include <string_view>

namespace devy::base {

[[nodiscard]] std::string shell_quoted(std::string_view text);

}  // namespace devy::base
