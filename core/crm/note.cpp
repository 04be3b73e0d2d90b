#include "core/crm/note.hpp"

#include "core/platform/base/safe_text.hpp"

namespace devy::crm {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";
constexpr std::size_t subject_characters_max = 255;
constexpr std::size_t url_bytes_max = 2'048;

// The next character of a text, as HTML shows it; `length` is its bytes in the text.
struct Piece {
  std::string_view html;
  std::size_t length = 1;
};

Piece next_piece(std::string_view text) {
  switch (text.front()) {
    case '&': return {"&amp;", 1};
    case '<': return {"&lt;", 1};
    case '>': return {"&gt;", 1};
    case '"': return {"&quot;", 1};
    case '\'': return {"&#39;", 1};
    case '\n':
    case '\t': return {text.substr(0, 1), 1};
    case '\r': return {text.substr(1).starts_with('\n') ? "" : "\n", 1};
    default: break;
  }
  const auto length = base::utf8_length(text);
  if (length == 0 || base::has_control_character(text.substr(0, length)))
    return {replacement, length == 0 ? 1 : length};
  return {text.substr(0, length), length};
}

struct Escaped {
  std::string html;
  std::size_t read = 0;  // bytes of the text
};

// As much of the text as fits.
Escaped escape(std::string_view text, std::size_t bytes_max) {
  Escaped escaped;
  while (escaped.read < text.size()) {
    const auto piece = next_piece(text.substr(escaped.read));
    if (escaped.html.size() + piece.html.size() > bytes_max) break;
    escaped.html += piece.html;
    escaped.read += piece.length;
  }
  return escaped;
}

std::string paragraph(std::string_view html) {
  return "<p>" + std::string(html) + "</p>";
}

std::string facts_of(const Note& note) {
  const auto name = escape(subject_of(note.filename), std::string::npos).html;
  const bool is_link = (note.url.starts_with("https://") || note.url.starts_with("http://")) &&
                       note.url.size() <= url_bytes_max;
  const auto title =
      is_link ? "<a href=\"" + escape(note.url, std::string::npos).html + "\">" + name + "</a>"
              : name;
  return paragraph(title + ", " + std::to_string(note.size) + " bytes, found " +
                   escape(note.found_at, std::string::npos).html);
}

}  // namespace

std::string build_note(const Note& note, std::size_t bytes_max) {
  // The parser drops a line break right behind the element's beginning.
  constexpr std::string_view pre_begin = "<pre>\n", pre_end = "</pre>";
  auto head = facts_of(note);
  std::string tail;
  if (!note.remark.empty()) tail += paragraph(escape(note.remark, std::string::npos).html);
  const auto marker = paragraph(to_string(note.marker));
  if (!note.text) return head + tail + marker;
  const auto cut_of = [&](std::size_t shown) {
    return paragraph("The text is cut: these are its first " + std::to_string(shown) + " of " +
                     std::to_string(note.size) + " bytes.");
  };
  const auto fixed = head.size() + pre_begin.size() + pre_end.size() + tail.size() + marker.size() +
                     cut_of(note.text->size()).size();
  const auto escaped = escape(*note.text, bytes_max > fixed ? bytes_max - fixed : 0);
  if (escaped.read < note.size) tail = cut_of(escaped.read);
  return head + std::string(pre_begin) + escaped.html + std::string(pre_end) + tail + marker;
}

std::string subject_of(std::string_view filename) {
  std::string subject;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < filename.size() && characters < subject_characters_max;
       ++characters) {
    const auto rest = filename.substr(at);
    const auto length = base::utf8_length(rest);
    const bool is_good = length > 0 && !base::has_control_character(rest.substr(0, length));
    subject += is_good ? rest.substr(0, length) : replacement;
    at += length == 0 ? 1 : length;
  }
  return subject;
}

}  // namespace devy::crm
