#pragma once
// Readers for the two notations of front matter. Private to this folder. Pure; any thread.

#include <string>
#include <string_view>
#include <variant>

#include "core/publishing/post/value.hpp"

namespace devy::post {

struct ReadFailure {
  markdown::Place place;  // in the file
  std::string message;
};

// `block` is the text between the fences; its first line is the file's line 2. Never throws for any
// bytes up to limits.front_matter_bytes_max.
[[nodiscard]] std::variant<Value, ReadFailure> read_yaml(std::string_view block);
[[nodiscard]] std::variant<Value, ReadFailure> read_toml(std::string_view block);

}  // namespace devy::post
