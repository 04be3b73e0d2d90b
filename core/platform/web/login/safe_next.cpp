#include "core/platform/web/login/safe_next.hpp"

#include <algorithm>

namespace devy::login {

std::string safe_next(std::string_view path) {
  constexpr std::string_view refused = "\\\"<>^`{|}";
  const bool is_own =
      path.starts_with('/') && !path.starts_with("//") && path.size() <= next_bytes_max &&
      std::ranges::all_of(path, [&](char byte) {
        return byte > ' ' && byte < 0x7f && refused.find(byte) == std::string_view::npos;
      });
  const auto page = path.substr(0, path.find_first_of("?#/", path.empty() ? 0 : 1));
  // Coming back to them would log in or out again.
  const bool is_login = page == "/login" || page == "/logout";
  return is_own && !is_login ? std::string(path) : "/";
}

}  // namespace devy::login
