#include "core/sync/record/mentions.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <vector>

#include "core/platform/base/ascii.hpp"

namespace devy::record {
namespace {

constexpr std::string_view space = "\xE2\x80\x8B";  // U+200B
constexpr std::string_view link_begin = "<!--@";
constexpr std::string_view link_end = "-->";
constexpr std::size_t fence_indent_max = 3;
constexpr std::size_t fence_length_min = 3;

constexpr bool is_between(char letter) {
  return letter == '-' || letter == '_';
}

// The name at the place, as GitHub's logins are: letters and digits, and single hyphens, or those
// low lines that companies' logins have, between.
std::string_view name_at(std::string_view text, std::size_t at) {
  auto end = at;
  while (end < text.size() && (base::is_letter_or_digit(text[end]) ||
                               (is_between(text[end]) && end > at && end + 1 < text.size() &&
                                base::is_letter_or_digit(text[end + 1]))))
    ++end;
  return text.substr(at, end - at);
}

// The length of "<!--@name-->" behind a login; 0: there is none.
std::size_t link_length(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with(link_begin)) return 0;
  const auto name = name_at(text, at + link_begin.size());
  if (name.empty() || !text.substr(at + link_begin.size() + name.size()).starts_with(link_end))
    return 0;
  return link_begin.size() + name.size() + link_end.size();
}

bool is_word(char letter) {
  return base::is_letter_or_digit(letter) || letter == '_';
}

std::size_t run_length(std::string_view text, std::size_t at) {
  const auto end = text.find_first_not_of(text[at], at);
  return (end == std::string_view::npos ? text.size() : end) - at;
}

// Places in code, where GitHub mentions nobody: fenced blocks, and spans between runs of backticks.
class CodeMap {
 public:
  explicit CodeMap(std::string_view text) : text_(text), is_code_(text.size(), false) {
    std::size_t paragraph = 0;
    for (std::size_t line = 0; line < text.size();) {
      const auto end = std::min(text.find('\n', line), text.size());
      const auto fence = fence_at(line, end);
      if (!fence.empty() || line == end) {
        mark_spans(paragraph, line);
        if (!fence.empty()) line = mark_block(line, end, fence);
        else line = end + 1;
        paragraph = line;
        continue;
      }
      line = end + 1;
    }
    mark_spans(std::min(paragraph, text.size()), text.size());
  }
  [[nodiscard]] bool operator[](std::size_t at) const { return is_code_[at]; }

 private:
  // The fence that a line begins with; of backticks none with one behind it.
  [[nodiscard]] std::string_view fence_at(std::size_t line, std::size_t end) const {
    const auto begin = text_.find_first_not_of(' ', line);
    if (begin == std::string_view::npos || begin >= end || begin - line > fence_indent_max ||
        (text_[begin] != '`' && text_[begin] != '~'))
      return {};
    const auto length = run_length(text_, begin);
    if (length < fence_length_min) return {};
    if (text_[begin] == '`' &&
        text_.substr(begin + length, end - begin - length).find('`') != std::string_view::npos)
      return {};
    return text_.substr(begin, length);
  }

  // Marks a block to the fence that closes it, or to the end; returns where the next line begins.
  std::size_t mark_block(std::size_t line, std::size_t end, std::string_view fence) {
    auto next = end + 1;
    auto block_end = text_.size();
    while (next < text_.size()) {
      const auto next_end = std::min(text_.find('\n', next), text_.size());
      const auto closing = fence_at(next, next_end);
      const bool closes =
          !closing.empty() && closing.front() == fence.front() && closing.size() >= fence.size() &&
          text_.substr(0, next_end).find_last_not_of(" \t") ==
              static_cast<std::size_t>(closing.data() - text_.data()) + closing.size() - 1;
      next = next_end + 1;
      if (closes) {
        block_end = next_end;
        break;
      }
    }
    std::fill(is_code_.begin() + static_cast<std::ptrdiff_t>(line),
              is_code_.begin() + static_cast<std::ptrdiff_t>(block_end), true);
    return std::max(next, block_end);
  }

  // Within a paragraph a run of backticks and the next one of its length enclose code.
  void mark_spans(std::size_t begin, std::size_t end) {
    const auto paragraph = text_.substr(0, end);
    // Lengths of runs that are known to have no other behind a place: keeps this linear.
    std::set<std::size_t> lonely;
    for (auto at = paragraph.find('`', begin); at != std::string_view::npos;
         at = paragraph.find('`', at)) {
      const auto length = run_length(paragraph, at);
      if (at > begin && paragraph[at - 1] == '\\') {
        ++at;
        continue;
      }
      auto close =
          lonely.contains(length) ? std::string_view::npos : paragraph.find('`', at + length);
      while (close != std::string_view::npos && run_length(paragraph, close) != length)
        close = paragraph.find('`', close + run_length(paragraph, close));
      if (close == std::string_view::npos) {
        lonely.insert(length);
        at += length;
        continue;
      }
      std::fill(is_code_.begin() + static_cast<std::ptrdiff_t>(at),
                is_code_.begin() + static_cast<std::ptrdiff_t>(close + length), true);
      at = close + length;
    }
  }

  std::string_view text_;
  std::vector<bool> is_code_;
};

}  // namespace

std::set<std::string> mentioned(std::string_view text) {
  std::set<std::string> names;
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1))
    if (at == 0 || !is_word(text[at - 1])) names.insert(base::to_lower(name_at(text, at + 1)));
  names.erase("");
  return names;
}

std::string with_mentions(std::string_view text, const std::map<std::string, std::string>& linked,
                          std::string_view former) {
  if (text.find('@') == std::string_view::npos) return std::string(text);
  const CodeMap code(text);
  const auto known = mentioned(former);
  std::string result;
  std::size_t done = 0;
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    result += text.substr(done, at + 1 - done);
    done = at + 1;
    // One that has such a space of its own gets one more, so that the first is not lost.
    auto name_begin = done;
    while (text.substr(name_begin).starts_with(space))
      name_begin += space.size();
    const auto name = name_at(text, name_begin);
    if (name.empty()) continue;
    const auto lower = base::to_lower(name);
    if (name_begin != done || link_length(text, done + name.size()) > 0) {
      result += space;
      continue;
    }
    if (code[at] || (at > 0 && is_word(text[at - 1])) || known.contains(lower)) continue;
    const auto login = linked.find(lower);
    if (login == linked.end() || name_at(login->second, 0) != login->second) {
      result += space;
      continue;
    }
    result += login->second;
    result += link_begin;
    result += name;
    result += link_end;
    done += name.size();
  }
  return result += text.substr(done);
}

std::string without_mentions(std::string_view text) {
  std::string result;
  std::size_t done = 0;
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    // The @ of "<!--@name-->" has been passed over with its login.
    if (at < done) continue;
    result += text.substr(done, at + 1 - done);
    done = at + 1;
    auto name_begin = done;
    while (text.substr(name_begin).starts_with(space))
      name_begin += space.size();
    const auto name = name_at(text, name_begin);
    if (name.empty()) continue;
    if (name_begin != done) {
      done += space.size();
      continue;
    }
    const auto length = link_length(text, done + name.size());
    if (length == 0) continue;
    const auto inner = done + name.size() + link_begin.size();
    result += text.substr(inner, length - link_begin.size() - link_end.size());
    done += name.size() + length;
  }
  return result += text.substr(done);
}

}  // namespace devy::record
