#pragma once
// Quotes a word for sh, zsh and fish: 'it'\''s'. Pure; any thread.

#include <string>
#include <string_view>

namespace devy::base {

[[nodiscard]] std::string shell_quoted(std::string_view text);

}  // namespace devy::base
