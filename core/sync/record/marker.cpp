#include "core/sync/record/marker.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/sync/record/fields.hpp"
#include "core/sync/record/mentions.hpp"

namespace devy::record {
namespace {

constexpr std::string_view marker_begin = "<!-- devy:";
constexpr std::string_view comment_end = " -->";
constexpr std::string_view header_begin = "<!-- devy:from -->\n";
constexpr std::string_view header_end = "<!-- /devy:from -->";
constexpr std::size_t code_bytes = 8;
constexpr std::size_t code_digits = 2 * code_bytes;

std::string code_of(const base::Secret& key, std::string_view kind, std::string_view id,
                    std::int64_t repository_id) {
  const auto text = std::string(kind) + ":" + std::string(id) + ":" + std::to_string(repository_id);
  const auto digest = base::hmac_sha256(key.reveal(), text);
  return base::to_hex(std::span(digest).first<code_bytes>());
}

bool is_code(std::string_view text) {
  return text.size() == code_digits && std::ranges::all_of(text, [](char digit) {
           return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
         });
}

// "task:<id>:<code>"
std::optional<Marker> parse_marker(std::string_view text) {
  const auto first = text.find(':');
  const auto second = text.find(':', std::min(first, text.size() - 1) + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  Marker marker{std::string(text.substr(0, first)),
                std::string(text.substr(first + 1, second - first - 1)),
                std::string(text.substr(second + 1))};
  if ((marker.kind != "task" && marker.kind != "comment") || !base::is_uuid(marker.id) ||
      !is_code(marker.code))
    return std::nullopt;
  return marker;
}

void trim_end(std::string_view& text) {
  const auto last = text.find_last_not_of(" \t\n\v\f\r");
  text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// A marker at the end, in a line of its own, is cut off.
std::optional<Marker> cut_marker(std::string_view& text) {
  if (!text.ends_with(comment_end)) return std::nullopt;
  const auto begin = text.rfind(marker_begin);
  if (begin == std::string_view::npos || (begin > 0 && text[begin - 1] != '\n'))
    return std::nullopt;
  const auto inner_begin = begin + marker_begin.size();
  if (text.size() < inner_begin + comment_end.size()) return std::nullopt;
  auto marker =
      parse_marker(text.substr(inner_begin, text.size() - comment_end.size() - inner_begin));
  if (!marker) return std::nullopt;
  text = text.substr(0, begin);
  trim_end(text);
  return marker;
}

// A header at the beginning: one line between its two comments.
bool cut_header(std::string_view& text) {
  if (!text.starts_with(header_begin)) return false;
  const auto line_end = text.find('\n', header_begin.size());
  if (line_end == std::string_view::npos) return false;
  auto rest = text.substr(line_end + 1);
  if (!rest.starts_with(header_end)) return false;
  rest.remove_prefix(header_end.size());
  if (!rest.empty() && rest.front() != '\n') return false;
  const auto first = rest.find_first_not_of(" \t\n\v\f\r");
  text = first == std::string_view::npos ? std::string_view() : rest.substr(first);
  return true;
}

// A name in Markdown that is nothing but its letters.
std::string escaped_name(std::string_view name) {
  std::string escaped;
  for (const char letter : name) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20U || byte == 0x7FU) continue;
    if (byte < 0x80U && !base::is_letter_or_digit(letter) && letter != ' ') escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

std::string header_of(const Author& author) {
  std::string header(header_begin);
  header += "**[" + escaped_name(author.name) + "](<" + author.url + ">)** on Devy\n";
  header += header_end;
  return header;
}

}  // namespace

Marker make_marker(const base::Secret& key, std::string_view kind, std::string_view id,
                   std::int64_t repository_id) {
  return {std::string(kind), std::string(id), code_of(key, kind, id, repository_id)};
}

bool is_genuine(const base::Secret& key, const Marker& marker, std::int64_t repository_id) {
  const auto code = code_of(key, marker.kind, marker.id, repository_id);
  if (code.size() != marker.code.size()) return false;
  unsigned difference = 0;
  for (std::size_t at = 0; at < code.size(); ++at)
    difference |= static_cast<unsigned>(static_cast<unsigned char>(code[at]) ^
                                        static_cast<unsigned char>(marker.code[at]));
  return difference == 0;
}

std::string to_text(const Marker& marker) {
  return std::string(marker_begin) + marker.kind + ":" + marker.id + ":" + marker.code +
         std::string(comment_end);
}

std::string decorate(std::string_view text, const Decoration& decoration) {
  std::string decorated;
  // A header that somebody at GitHub broke is text by now: it is not put there once more.
  const bool has_header =
      text.starts_with("<!-- devy:from") || text.find(header_end) != std::string_view::npos;
  if (decoration.author && !has_header) decorated = header_of(*decoration.author);
  const auto add = [&](std::string_view part) {
    if (part.empty()) return;
    if (!decorated.empty()) decorated += "\n\n";
    decorated += part;
  };
  add(with_mentions(text, decoration.mentions, decoration.former));
  if (decoration.marker) add(to_text(*decoration.marker));
  return decorated;
}

Stripped strip(std::string_view body) {
  const auto normal = normal_text(body);
  std::string_view rest = normal;
  Stripped stripped;
  while (auto marker = cut_marker(rest))
    if (!stripped.marker) stripped.marker = std::move(marker);
  while (cut_header(rest))
    stripped.has_header = true;
  // Only now: a header without a text has had the marker behind it.
  while (auto marker = cut_marker(rest))
    if (!stripped.marker) stripped.marker = std::move(marker);
  stripped.text = without_mentions(rest);
  return stripped;
}

std::vector<std::string> names_mentioned(std::string_view text) {
  const auto names = mentioned(text);
  return {names.begin(), names.end()};
}

bool has_reserved(std::string_view text) {
  return text.find(marker_begin) != std::string_view::npos ||
         text.find("<!-- /devy:") != std::string_view::npos;
}

}  // namespace devy::record
