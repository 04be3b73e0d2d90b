#include "core/platform/http/server/head.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"

namespace devy::server {
namespace {

constexpr std::string_view line_end = "\r\n";

bool is_token(std::string_view text) {
  return base::is_word_of(text, "!#$%&'*+-.^_`|~");
}

// Tabs are the only control characters of a value; what is above ASCII passes as it is.
bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c == '\t' || (c >= ' ' && c != 0x7f); });
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  constexpr std::size_t digits_max = 12;
  if (text.empty() || text.size() > digits_max) return std::nullopt;
  std::uint64_t length = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return length;
}

std::optional<Refusal> read_request_line(std::string_view line, Head& head, bool& is_old) {
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return Refusal{400, "no request line"};
  const auto method = line.substr(0, first), version = line.substr(last + 1);
  const auto target = line.substr(first + 1, last - first - 1);
  is_old = version == "HTTP/1.0";
  if (!version.starts_with("HTTP/")) return Refusal{400, "no request line"};
  if (!is_old && version != "HTTP/1.1") return Refusal{505, "HTTP/1.1 is spoken here"};
  if (!is_token(method) || method.size() > 16) return Refusal{400, "no method"};
  if (target.size() > target_bytes_max) return Refusal{414, "the target is too long"};
  const bool is_plain = std::all_of(target.begin(), target.end(), [](unsigned char c) {
    return c > ' ' && c < 0x7f && c != '#';
  });
  if (!target.starts_with('/') || !is_plain) return Refusal{400, "no target"};
  const auto mark = std::min(target.find('?'), target.size());
  head.method = method;
  head.path = target.substr(0, mark);
  head.query = target.substr(std::min(mark + 1, target.size()));
  return std::nullopt;
}

// Finds "close" in a list of tokens.
bool names_close(std::string_view value) {
  while (!value.empty()) {
    const auto comma = std::min(value.find(','), value.size());
    if (base::is_same_word(base::trim_blanks(value.substr(0, comma)), "close")) return true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return false;
}

struct Seen {
  bool host = false, transfer_encoding = false;
};

// The headers that decide how the request is framed.
std::optional<Refusal> apply_framing_header(std::string_view name, std::string_view value,
                                            Head& head, Seen& seen) {
  if (base::is_same_word(name, "Content-Length")) {
    if (head.content_length) return Refusal{400, "Content-Length comes twice"};
    head.content_length = parse_length(value);
    if (!head.content_length) return Refusal{400, "Content-Length is no plain number"};
  } else if (base::is_same_word(name, "Transfer-Encoding")) {
    seen.transfer_encoding = true;
  } else if (base::is_same_word(name, "Content-Encoding")) {
    if (!base::is_same_word(value, "identity")) return Refusal{415, "send the body as it is"};
  } else if (base::is_same_word(name, "Host")) {
    if (seen.host) return Refusal{400, "Host comes twice"};
    seen.host = true;
  } else if (base::is_same_word(name, "Expect")) {
    if (!base::is_same_word(value, "100-continue"))
      return Refusal{417, "only 100-continue can be expected"};
    head.expects_continue = true;
  } else if (base::is_same_word(name, "Connection")) {
    head.wants_close = head.wants_close || names_close(value);
  }
  return std::nullopt;
}

std::optional<Refusal> read_header(std::string_view line, Head& head, Seen& seen) {
  const auto colon = line.find(':');
  // A folded line begins with a blank, so its "name" is no token.
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return Refusal{400, "a header is malformed"};
  const auto name = line.substr(0, colon), value = base::trim_blanks(line.substr(colon + 1));
  if (!is_value(value)) return Refusal{400, "a header is malformed"};
  if (head.headers.size() == headers_max) return Refusal{431, "too many headers"};
  if (const auto refusal = apply_framing_header(name, value, head, seen)) return refusal;
  head.headers.emplace_back(name, value);
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t seen) {
  constexpr std::string_view end = "\r\n\r\n";
  // The mark may have begun in what was seen.
  const auto from = seen < end.size() ? 0 : seen - (end.size() - 1);
  const auto found = bytes.find(end, from);
  if (found == std::string_view::npos) return std::nullopt;
  return found + end.size();
}

std::variant<Head, Refusal> parse_head(std::string_view bytes) {
  Head head;
  Seen seen;
  bool is_first = true, is_old = false;
  while (bytes != line_end) {
    const auto end = bytes.find(line_end);
    if (end == std::string_view::npos) return Refusal{400, "a line has no end"};
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(end + line_end.size());
    // Some parsers end a line at a single carriage return or line feed.
    if (line.find_first_of("\r\n") != std::string_view::npos)
      return Refusal{400, "a line is malformed"};
    const auto refusal =
        is_first ? read_request_line(line, head, is_old) : read_header(line, head, seen);
    if (refusal) return *refusal;
    is_first = false;
  }
  if (is_first) return Refusal{400, "no request line"};
  head.wants_close = head.wants_close || is_old;
  if (!seen.host && !is_old) return Refusal{400, "Host is missing"};
  if (seen.transfer_encoding && head.content_length)
    return Refusal{400, "Transfer-Encoding beside Content-Length"};
  if (seen.transfer_encoding) return Refusal{411, "send a Content-Length"};
  return head;
}

}  // namespace devy::server
