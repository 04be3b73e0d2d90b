#pragma once
// The uninterpreted content of a front matter: one tree for YAML and TOML, with the place of each
// value in the file. Its readers limit depth and count. Values; any thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/publishing/markdown/place.hpp"

namespace devy::post {

// Limit for nested lists and maps in a front matter; deeper nesting is an error.
inline constexpr std::size_t value_depth_max = 64;
// Limit for the values in a front matter with every alias expanded; it stops "alias bombs".
inline constexpr std::size_t value_count_max = 20'000;
// Limit for the bytes of its text, also with every alias expanded.
inline constexpr std::size_t value_bytes_max = std::size_t{1} << 20U;

struct Member;

struct Value {
  // `date` is text as well; TOML marks it as a date or a time.
  enum class Kind { null, boolean, integer, real, date, text, list, map };

  Kind kind = Kind::null;
  std::string text;             // as written; for every kind but list and map
  std::vector<Value> items;     // of a list
  std::vector<Member> members;  // of a map, in order; a key may occur twice
  markdown::Place place;

  [[nodiscard]] bool is_scalar() const { return kind != Kind::list && kind != Kind::map; }
};

struct Member {
  std::string key;
  Value value;
};

// Converts to one JSON value; the last of two equal keys wins, as in YAML libraries.
[[nodiscard]] std::string to_json(const Value& value);

}  // namespace devy::post
