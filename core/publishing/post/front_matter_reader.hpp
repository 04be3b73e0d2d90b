#pragma once
// Readers for the notations of front matter. Private to this folder. Pure; any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/publishing/post/front_matter.hpp"
#include "core/publishing/post/value.hpp"

namespace devy::post {

using ReadFailure = FrontMatterProblem;

// `block` is the text between the fences; its first line is the file's line 2. Never throws for any
// bytes up to limits.front_matter_bytes_max. What can be read, but hardly as its author meant it,
// is added to `warnings`.
[[nodiscard]] std::variant<Value, ReadFailure> read_yaml(std::string_view block,
                                                         std::vector<ReadFailure>& warnings);
[[nodiscard]] std::variant<Value, ReadFailure> read_toml(std::string_view block);

// One JSON object at the beginning of a text; its first line is the file's.
struct JsonBlock {
  std::variant<Value, ReadFailure> read;
  std::size_t end = 0;  // behind its closing brace
};
// Returns nothing when `text` does not begin like an object with a key in it.
[[nodiscard]] std::optional<JsonBlock> read_json_block(std::string_view text);

}  // namespace devy::post
