// Fuzz target: the head of a request. What is let through could be read in one way only.
#include "core/platform/http/server/head.hpp"

#include <algorithm>

#include "tests/fuzz/fuzz_target.hpp"

namespace {

using devy::fuzz::expect;

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = devy::fuzz::text_of(data, size);
  const auto end = devy::server::find_head_end(text, 0);
  if (!end) return 0;
  expect(*end <= size, "a head ends within what came");
  const auto parsed = devy::server::parse_head(text.substr(0, *end));
  if (const auto* refusal = std::get_if<devy::server::Refusal>(&parsed)) {
    expect(refusal->status >= 400 && refusal->status < 600, "a refusal is an error");
    return 0;
  }
  const auto& head = std::get<devy::server::Head>(parsed);
  expect(!head.path.empty() && head.path.front() == '/' && is_plain(head.path), "a path is a path");
  expect(head.path.size() + head.query.size() <= devy::server::target_bytes_max,
         "a target is bounded");
  expect(head.headers.size() <= devy::server::headers_max, "headers are bounded");
  for (const auto& [name, value] : head.headers) {
    expect(!name.empty() && name.find_first_of(": \t\r\n") == std::string::npos,
           "a header's name is a token");
    expect(is_plain(value), "a header's value is one line");
  }
  return 0;
}
