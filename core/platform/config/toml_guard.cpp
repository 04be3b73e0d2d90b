#include "core/platform/config/toml_guard.hpp"

namespace devy::config {
namespace {

// Walks over the text without parsing it; strings and comments are stepped over.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  std::optional<TomlProblem> run() {
    while (at_ < text_.size()) {
      if (auto problem = step()) return problem;
    }
    return std::nullopt;
  }

 private:
  std::optional<TomlProblem> step() {
    const char byte = text_[at_];
    switch (byte) {
      case '"':
      case '\'': skip_string(byte); return std::nullopt;
      case '#':
        while (at_ < text_.size() && text_[at_] != '\n')
          ++at_;
        return std::nullopt;
      case '\n':
        ++at_;
        ++line_;
        line_start_ = at_;
        parts_ = 1;
        return std::nullopt;
      case '.':
        if (++parts_ > toml_key_parts_max)
          return problem("a key of more than " + std::to_string(toml_key_parts_max) + " parts");
        break;
      case '[':
      case '{':
        parts_ = 1;
        if (++depth_ > toml_depth_max)
          return problem("values nested more than " + std::to_string(toml_depth_max) + " deep");
        break;
      case ']':
      case '}':
        if (depth_ > 0) --depth_;
        parts_ = 1;
        break;
      case '=':
      case ',': parts_ = 1; break;
      default: break;
    }
    ++at_;
    return std::nullopt;
  }

  [[nodiscard]] TomlProblem problem(std::string message) const {
    return {line_, static_cast<std::uint32_t>(at_ - line_start_ + 1), std::move(message)};
  }

  void skip_string(char quote) {
    const bool is_basic = quote == '"';
    const std::string fence(3, quote);
    const bool is_long = text_.substr(at_).starts_with(fence);
    at_ += is_long ? 3 : 1;
    while (at_ < text_.size()) {
      if (is_basic && text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
        at_ += 2;
        continue;
      }
      if (text_[at_] == '\n') {
        if (!is_long) return;  // not closed: toml++ will say so
        ++line_;
        line_start_ = at_ + 1;
      }
      if (is_long ? text_.substr(at_).starts_with(fence) : text_[at_] == quote) {
        at_ += is_long ? 3 : 1;
        return;
      }
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0, line_start_ = 0, parts_ = 1, depth_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

std::optional<TomlProblem> find_toml_problem(std::string_view toml) {
  return Walk(toml).run();
}

}  // namespace devy::config
