#pragma once
// Where a browser goes after a login: a path of this site, whatever was asked for. A login page
// that leads anywhere else would lend its name to a stranger (open redirect). Pure; any thread.

#include <string>
#include <string_view>

namespace devy::login {

inline constexpr std::size_t next_bytes_max = 2048;

// Returns the path, with its query, when it is one of this site; else "/". Refused are a second
// slash at the beginning, a backslash anywhere, which browsers take for a slash, control
// characters, blanks, quotes, bytes beyond ASCII, the pages of the login itself, and what is too
// long.
[[nodiscard]] std::string safe_next(std::string_view path);

}  // namespace devy::login
