// The headers of a part of a form (multipart.hpp).
#include <algorithm>
#include <utility>

#include "core/files/intake/multipart.hpp"
#include "core/platform/base/ascii.hpp"

namespace devy::intake {
namespace {

constexpr std::size_t parameters_max = 8;

[[noreturn]] void refuse_head(const char* message) {
  throw Malformed(std::nullopt, "body", message);
}

std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find("\r\n");
  const auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(line.size() + 2, rest.size()));
  return line;
}

bool is_header_name(std::string_view text) {
  return base::is_word_of(text, "!#$%&'*+-.^_`|~");
}

// Reads a quoted text from behind its first quote to behind its last one.
std::string read_quoted(std::string_view& rest) {
  std::string text;
  while (!rest.empty()) {
    const char byte = rest.front();
    rest.remove_prefix(1);
    if (byte == '"') return text;
    const bool is_escape =
        byte == '\\' && !rest.empty() && (rest.front() == '"' || rest.front() == '\\');
    if (!is_escape) {
      text += byte;
      continue;
    }
    text += rest.front();
    rest.remove_prefix(1);
  }
  refuse_head("A text in the headers of a part has no end.");
}

// The three characters that would end a text, as browsers write them; 0 for anything else.
char browsers_escape(std::string_view text) {
  if (text == "%22") return '"';
  if (text == "%0D") return '\r';
  return text == "%0A" ? '\n' : '\0';
}

std::string decode_browsers_escapes(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char meant = browsers_escape(text.substr(at, 3));
    decoded += meant == '\0' ? text[at] : meant;
    if (meant != '\0') at += 2;
  }
  return decoded;
}

// `form-data; name="a"; filename="b"`
void read_disposition(std::string_view value, FormPart& part) {
  const auto mark = std::min(value.find(';'), value.size());
  if (!base::is_same_word(base::trim_blanks(value.substr(0, mark)), "form-data"))
    refuse_head("Each part must be form-data.");
  auto rest = value.substr(mark);
  bool has_name = false;
  for (std::size_t count = 0; !base::trim_blanks(rest).empty(); ++count) {
    rest = base::trim_blanks(rest);
    if (count == parameters_max || rest.front() != ';')
      refuse_head("The parameters of a part are malformed.");
    rest = base::trim_blanks(rest.substr(1));
    const auto sign = rest.find('=');
    if (sign == std::string_view::npos) refuse_head("A parameter of a part has no value.");
    const auto name = rest.substr(0, sign);
    rest.remove_prefix(sign + 1);
    std::string text;
    if (rest.starts_with('"')) {
      rest.remove_prefix(1);
      text = decode_browsers_escapes(read_quoted(rest));
    } else {
      text = rest.substr(0, rest.find_first_of("; \t"));
      rest.remove_prefix(text.size());
    }
    if (base::is_same_word(name, "name")) {
      if (std::exchange(has_name, true)) refuse_head("A part has two names.");
      part.name = std::move(text);
    } else if (base::is_same_word(name, "filename")) {
      if (part.filename) refuse_head("A part has two names of a file.");
      part.filename = std::move(text);
    } else {
      // RFC 7578, section 4.2, forbids filename*, of which there would be two readings.
      refuse_head("A part has parameters other than name and filename.");
    }
  }
  if (!has_name) refuse_head("A part has no name.");
}

}  // namespace

FormPart read_part_head(std::string_view head) {
  FormPart part;
  bool has_disposition = false, has_type = false;
  while (!head.empty()) {
    const auto line = next_line(head);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_header_name(line.substr(0, colon)))
      refuse_head("A header of a part is malformed.");
    const auto is_named = [&](std::string_view name) {
      return base::is_same_word(line.substr(0, colon), name);
    };
    const auto value = base::trim_blanks(line.substr(colon + 1));
    if (value.find('\0') != std::string_view::npos || value.find('\n') != std::string_view::npos ||
        value.find('\r') != std::string_view::npos)
      refuse_head("A header of a part is malformed.");
    if (is_named("Content-Disposition")) {
      if (std::exchange(has_disposition, true)) refuse_head("A part has a header twice.");
      read_disposition(value, part);
    } else if (is_named("Content-Type")) {
      if (std::exchange(has_type, true)) refuse_head("A part has a header twice.");
      part.type = value;
    } else if (is_named("Content-Transfer-Encoding")) {
      if (!base::is_same_word(value, "binary") && !base::is_same_word(value, "8bit") &&
          !base::is_same_word(value, "7bit"))
        refuse_head("A part is encoded; send it as it is.");
    }
  }
  if (!has_disposition) refuse_head("A part has no Content-Disposition.");
  return part;
}

}  // namespace devy::intake
