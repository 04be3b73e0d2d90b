#include "core/platform/base/conninfo_quoted.hpp"

namespace devy::base {

std::string conninfo_quoted(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

}  // namespace devy::base
