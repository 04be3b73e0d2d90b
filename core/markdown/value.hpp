#pragma once
// What a front matter says before anybody asks what it means: one tree for YAML and TOML, with the
// place of each value in the file. Bounded by its readers (depth, count). Values; any thread.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace devy::markdown {

// Nested lists and maps in a front matter; deeper is an error.
inline constexpr std::size_t value_depth_max = 64;
// Values in a front matter with every alias expanded: a bomb of aliases ends here.
inline constexpr std::size_t value_count_max = 20'000;
// Bytes of text in it, expanded likewise.
inline constexpr std::size_t value_bytes_max = std::size_t{1} << 20U;

struct Place {
  std::uint32_t line = 0, column = 0;  // in the file, from 1
};

struct Member;

struct Value {
  // `date` is text as well: what TOML knows to be a date or a time.
  enum class Kind { null, boolean, integer, real, date, text, list, map };

  Kind kind = Kind::null;
  std::string text;             // as written, for every kind but list and map
  std::vector<Value> items;     // of a list
  std::vector<Member> members;  // of a map, in order; a key may be there twice
  Place place;

  [[nodiscard]] bool is_scalar() const { return kind != Kind::list && kind != Kind::map; }
};

struct Member {
  std::string key;
  Value value;
};

// One object; the last of two equal keys wins, as in YAML libraries.
[[nodiscard]] std::string to_json(const Value& value);

}  // namespace devy::markdown
