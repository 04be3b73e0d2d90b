#pragma once
// Documents that this folder itself wrote into columns. Private to it; pure; any thread.

#include <string_view>

#include "core/platform/json/reader.hpp"

namespace devy::record {

// Throws Error(internal), which names the kind of document.
[[nodiscard]] inline json::Value parse_stored(std::string_view json, const char* name) {
  json::Format format;
  format.name = name;
  format.bytes_max = 4UL * 1024 * 1024;
  format.depth_max = 4;
  format.kind = base::ErrorKind::internal;
  return json::parse(json, format);
}

}  // namespace devy::record
