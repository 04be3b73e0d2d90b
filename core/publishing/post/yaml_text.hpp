#pragma once
// The lines of a YAML block as an author sees them, for messages that say what to do. It is not a
// parser: it looks at one line at a time. Private to this folder. Borrows the block; any thread.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/publishing/markdown/place.hpp"

namespace devy::post {

// "  - key: value". Offsets are in the line.
struct YamlLine {
  std::string_view text;   // without its end and the space before that
  std::size_t indent = 0;  // of its first byte that is no space; the line's size where it is blank
  std::size_t value = 0;   // where the value begins behind dashes and a key
  bool has_key = false;    // "key:" at the end of the line, or with a space behind the colon
  bool has_dash = false;

  [[nodiscard]] bool is_blank() const { return indent == text.size(); }
  [[nodiscard]] std::string_view value_text() const { return text.substr(value); }
};

class YamlText {
 public:
  explicit YamlText(std::string_view block);

  [[nodiscard]] std::size_t line_count() const { return begins_.size(); }
  [[nodiscard]] YamlLine line(std::size_t index) const;
  // The block from a place of the file on; empty behind its end.
  [[nodiscard]] std::string_view from(markdown::Place place) const;
  // The place in the file of an offset in a line.
  [[nodiscard]] static markdown::Place place(std::size_t index, std::size_t offset);

 private:
  std::string_view block_;
  std::vector<std::size_t> begins_;
};

// The length of the quoted text at the front of `text` with both quotes; nothing when it has no
// end.
[[nodiscard]] std::optional<std::size_t> quoted_length(std::string_view text);

}  // namespace devy::post
