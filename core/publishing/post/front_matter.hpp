#pragma once
// Parses the block of keys before a post's text, and the values that content.md takes from it: YAML
// between lines of "---", TOML between lines of "+++", or a JSON object at the file's beginning.
// Pure: it reads no files and renders nothing. Any thread.
//
// As on GitHub, a file that merely begins with a "---" rule is ordinary Markdown: a block needs a
// closing line and at least one line that looks like a key.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/publishing/post/date.hpp"
#include "core/publishing/post/timezone.hpp"
#include "core/publishing/post/value.hpp"

namespace devy::post {

struct FrontMatterProblem {
  markdown::Place place;  // in the file
  std::string message;
};

// The values of the block. Texts are plain_text(): one line without control characters.
struct FrontMatter {
  std::optional<std::string> title, summary, cover, canonical, lang;
  std::optional<std::string> slug, permalink;  // as written
  markdown::Place slug_place;                  // of the permalink, else of the slug
  markdown::Place cover_place;
  std::optional<WrittenDate> date, updated;
  std::optional<base::TimePoint> expires;           // for a day: its beginning
  std::vector<std::string> tags, authors, aliases;  // without duplicates
  bool is_draft = false;
  std::string json = "{}";      // every key, known and unknown
  std::size_t body_offset = 0;  // start of the text after the block; 0: there is no block
  std::vector<FrontMatterProblem> warnings;
};

// `text` is valid UTF-8 and begins at the file's first line, without a byte-order mark.
[[nodiscard]] std::variant<FrontMatter, FrontMatterProblem> read_front_matter(
    std::string_view text, const Timezone& zone, std::size_t block_bytes_max);

}  // namespace devy::post
