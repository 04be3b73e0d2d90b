#include "core/platform/github/document.hpp"

namespace devy::github {
namespace {

// The transport has its own, smaller limit.
constexpr json::Format format{
    .name = "GitHub's answer",
    .bytes_max = std::size_t{64} * 1024 * 1024,
    .kind = base::ErrorKind::unavailable,
    .code = "github_garbage",
    .hint = "Check that github.api_url is the address of GitHub's REST API."};

}  // namespace

json::Value parse_document(std::string_view text) {
  try {
    auto document = json::parse(text, format);
    if (document.is_object() || document.is_array()) return document;
  } catch (const base::Error&) {
    // Where a proxy's page is no JSON is of no use to an operator.
  }
  throw_garbage("it is no JSON that means anything");
}

void throw_garbage(const char* cause) {
  json::refuse(format, cause);
}

}  // namespace devy::github
