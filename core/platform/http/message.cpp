#include "core/platform/http/message.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"

namespace devy::http {
namespace {

auto find(Headers::const_iterator begin, Headers::const_iterator end, std::string_view name) {
  return std::find_if(begin, end,
                      [&](const auto& header) { return base::is_same_word(header.first, name); });
}

}  // namespace

std::string_view first_header(const Headers& headers, std::string_view name) {
  const auto found = find(headers.begin(), headers.end(), name);
  return found == headers.end() ? std::string_view() : found->second;
}

std::string_view only_header(const Headers& headers, std::string_view name) {
  const auto found = find(headers.begin(), headers.end(), name);
  if (found == headers.end() || find(found + 1, headers.end(), name) != headers.end()) return {};
  return found->second;
}

}  // namespace devy::http
