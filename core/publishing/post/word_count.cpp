#include "core/publishing/post/word_count.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/unicode.hpp"

namespace devy::post {
namespace {

// Elements that may begin or end inside a word.
constexpr std::array<std::string_view, 25> inline_elements{
    "a",    "abbr",   "b",      "bdo", "cite", "code", "del", "dfn",  "em",
    "font", "i",      "ins",    "kbd", "mark", "q",    "s",   "samp", "small",
    "span", "strike", "strong", "sub", "sup",  "tt",   "u"};

bool is_within(char32_t character, char32_t first, char32_t last) {
  return character >= first && character <= last;
}

bool is_word_by_itself(char32_t character) {
  return is_within(character, 0x3040, 0x30ff) ||  // kana
         is_within(character, 0x31f0, 0x31ff) ||  // more of them
         is_within(character, 0x3400, 0x4dbf) ||  // Han, extension A
         is_within(character, 0x4e00, 0x9fff) ||  // Han
         is_within(character, 0xf900, 0xfaff) ||  // compatibility
         is_within(character, 0x20000, 0x3ffff);  // Han, the other extensions
}

// Thai and Lao; Burmese; Khmer. Their vowels and tones are counted as well, where they are letters.
bool writes_no_spaces(char32_t character) {
  return is_within(character, 0x0e00, 0x0eff) || is_within(character, 0x1000, 0x109f) ||
         is_within(character, 0x1780, 0x17ff);
}

bool joins_words(char32_t character) {
  return character == '\'' || character == 0x2019 || character == '-' || character == '_' ||
         character == 0x00ad;
}

// Takes text a character at a time.
class Counter {
 public:
  void take(char32_t character) {
    if (!markdown::is_letter_or_digit(character)) {
      // "don't" is one word; a hyphen at the end does not belong to the word.
      if (!joins_words(character)) end_word();
      return;
    }
    if (is_word_by_itself(character)) {
      end_word();
      ++words_;
    } else if (writes_no_spaces(character)) {
      constexpr std::uint32_t letters_a_word = 4;
      if (letters_++ % letters_a_word == 0) ++words_;
      is_in_word_ = false;
    } else if (!is_in_word_) {
      end_word();
      ++words_;
      is_in_word_ = true;
    }
  }
  void end_word() {
    is_in_word_ = false;
    letters_ = 0;
  }
  [[nodiscard]] std::uint32_t words() const { return words_; }

 private:
  bool is_in_word_ = false;
  std::uint32_t letters_ = 0;  // of a run without spaces
  std::uint32_t words_ = 0;
};

constexpr std::array<bool, 256> is_ascii_letter_or_digit = [] {
  std::array<bool, 256> letters{};
  for (std::size_t byte = 0; byte < 128; ++byte)
    letters[byte] = base::is_letter_or_digit(static_cast<char>(byte));
  return letters;
}();

// Most text consists of runs of ASCII letters, and each run belongs to one word, so this tests
// single bytes.
std::size_t letters_run(std::string_view text) {
  std::size_t run = 0;
  while (run < text.size() && is_ascii_letter_or_digit[static_cast<unsigned char>(text[run])])
    ++run;
  return run;
}

// The bytes of the tag at the front, "<" to ">"; a ">" in quotes does not end it.
std::size_t tag_bytes(std::string_view html) {
  char quote = '\0';
  for (std::size_t i = 1; i < html.size(); ++i) {
    if (quote != '\0') {
      if (html[i] == quote) quote = '\0';
    } else if (html[i] == '"' || html[i] == '\'') {
      quote = html[i];
    } else if (html[i] == '>') {
      return i + 1;
    }
  }
  return html.size();
}

bool is_inline(std::string_view tag) {
  const std::size_t begin = tag.starts_with("</") ? 2 : 1;
  const auto end = std::min(tag.find_first_of(" />\n", begin), tag.size());
  const auto name = tag.substr(begin, end - begin);
  return std::ranges::find(inline_elements, name) != inline_elements.end();
}

// "<sup><a data-footnote-ref="">1</a></sup>" at the front.
bool is_footnote_reference(std::string_view html) {
  constexpr std::string_view begin = "<sup><a ";
  if (!html.starts_with(begin)) return false;
  const auto link = html.substr(begin.size(), tag_bytes(html.substr(begin.size() - 3)) - 3);
  return link.find("data-footnote-ref=\"") != std::string_view::npos;
}

// "&amp;" is not a letter, whatever it stands for.
std::size_t reference_bytes(std::string_view html) {
  constexpr std::size_t bytes_max = 32;  // the longest name HTML knows has 31 letters
  const auto end = html.substr(0, bytes_max + 2).find(';');
  return end == std::string_view::npos ? 1 : end + 1;
}

}  // namespace

std::uint32_t count_words(std::string_view html) {
  Counter counter;
  while (!html.empty()) {
    if (html.front() == '<') {
      if (is_footnote_reference(html)) {
        const auto end = html.find("</sup>");
        html.remove_prefix(end == std::string_view::npos ? html.size() : end);
        continue;
      }
      const auto tag = html.substr(0, tag_bytes(html));
      if (!is_inline(tag)) counter.end_word();
      html.remove_prefix(tag.size());
    } else if (html.front() == '&') {
      const auto bytes = reference_bytes(html);
      counter.take(html.substr(0, bytes) == "&#39;" ? '\'' : ' ');
      html.remove_prefix(bytes);
    } else if (const auto run = letters_run(html); run > 0) {
      counter.take(U'a');
      html.remove_prefix(run);
    } else {
      counter.take(markdown::read_character(html));
    }
  }
  return counter.words();
}

}  // namespace devy::post
