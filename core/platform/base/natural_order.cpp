#include "core/platform/base/natural_order.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"

namespace devy::base {
namespace {

// Cuts a run of digits off, without its leading zeros.
std::string_view read_number(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

}  // namespace

std::strong_ordering natural_order(std::string_view left, std::string_view right) {
  auto a = left, b = right;
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const auto number = read_number(a), other = read_number(b);
      if (number.size() != other.size()) return number.size() <=> other.size();
      if (const auto order = number <=> other; order != 0) return order;
      continue;
    }
    const auto first = static_cast<unsigned char>(a.front());
    const auto second = static_cast<unsigned char>(b.front());
    if (first != second) return first <=> second;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  if (a.empty() != b.empty())
    return a.empty() ? std::strong_ordering::less : std::strong_ordering::greater;
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

}  // namespace devy::base
