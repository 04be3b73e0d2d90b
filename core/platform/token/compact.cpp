#include "core/platform/token/compact.hpp"

#include "core/platform/base/error.hpp"

namespace devy::token {
namespace {

// A key set is read from a file of at most 256 KiB, a token is far smaller.
constexpr json::Format format{
    .name = "a part of a token", .bytes_max = std::size_t{256} * 1024, .depth_max = 8};

}  // namespace

std::optional<json::Value> parse_object(std::string_view text) {
  try {
    auto value = json::parse(text, format);
    if (value.is_object()) return value;
  } catch (const base::Error&) {
    // The caller's error is the same for all that is wrong with it.
  }
  return std::nullopt;
}

}  // namespace devy::token
