// libFuzzer: any text as Markdown, and as HTML itself, must come out of the sanitiser as
// tests/support/publishing/sanitised.hpp says. scripts/fuzz builds and runs it with clang; its
// seeds are the hostile texts of the unit tests, and what it finds belongs among them.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/platform/base/safe_text.hpp"
#include "core/publishing/markdown/prescan.hpp"
#include "core/publishing/markdown/render.hpp"
#include "tests/support/publishing/sanitised.hpp"

namespace {

// What document.cpp lets through: valid UTF-8 without U+0000.
std::string acceptable(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const auto length = devy::base::utf8_length(bytes.substr(0, 4));
    const bool is_good = length != 0 && bytes[0] != '\0';
    text += is_good ? bytes.substr(0, length) : std::string_view("?");
    bytes.remove_prefix(is_good ? length : 1);
  }
  return text;
}

void expect_none(const char* what, const std::string& problem) {
  if (problem.empty()) return;
  std::fprintf(stderr, "%s: %s\n", what, problem.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = acceptable({reinterpret_cast<const char*>(data), size});
  expect_none("html", devy::testing::problem_in_sanitising(text));
  if (devy::markdown::prescan(text)) return 0;
  const auto body = devy::markdown::render_body(text, true, "posts/a.md");
  expect_none("markdown", devy::testing::problem_in_sanitised(body.html.text(), body.links));
  return 0;
}
