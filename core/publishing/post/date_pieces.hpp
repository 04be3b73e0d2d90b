#pragma once
// Takes pieces off the front of a date's text; when the expected piece is not there, the text is
// left unchanged. Private to this folder. Borrows the text; one thread.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/ascii.hpp"

namespace devy::post {

inline constexpr std::string_view date_spaces = " \t";

class DatePieces {
 public:
  explicit DatePieces(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool at_digit() const { return !rest_.empty() && base::is_digit(rest_.front()); }
  // The number of digits that come next.
  [[nodiscard]] std::size_t digits() const {
    std::size_t count = 0;
    while (count < rest_.size() && base::is_digit(rest_[count]))
      ++count;
    return count;
  }

  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip(std::string_view any_of) {
    while (take(any_of)) {
    }
  }
  std::optional<int> number(std::size_t digits_min, std::size_t digits_max) {
    int value = 0;
    std::size_t count = 0;
    while (count < rest_.size() && count < digits_max && base::is_digit(rest_[count]))
      value = value * 10 + (rest_[count++] - '0');
    if (count < digits_min) return std::nullopt;
    rest_.remove_prefix(count);
    return value;
  }
  // Letters, in lower case; empty where there are none.
  std::string word() {
    std::size_t count = 0;
    while (count < rest_.size() && base::is_letter(rest_[count]))
      ++count;
    std::string word = base::to_lower(rest_.substr(0, count));
    rest_.remove_prefix(count);
    return word;
  }
  bool skip_word(std::string_view expected) {
    DatePieces ahead = *this;
    if (ahead.word() != expected) return false;
    *this = ahead;
    return true;
  }
  // Digits after a point; what is finer than a microsecond is dropped.
  std::chrono::microseconds fraction() {
    std::int64_t value = 0;
    std::int64_t unit = 100'000;
    for (; at_digit(); rest_.remove_prefix(1), unit /= 10)
      value += unit * (rest_.front() - '0');
    return std::chrono::microseconds{value};
  }

 private:
  std::string_view rest_;
};

}  // namespace devy::post
