#pragma once
// Says in an author's words why YAML cannot be read, and what to do. The parser's message says
// where it stopped, which is often behind the fault. Private to this folder. Pure; any thread.

#include <string_view>

#include "core/publishing/post/front_matter_reader.hpp"
#include "core/publishing/post/yaml_text.hpp"

namespace devy::post {

// `failure` is the parser's, with its place in the file.
[[nodiscard]] ReadFailure advise(const YamlText& text, const ReadFailure& failure);

// Begins with the words that every notation has for a block that cannot be read.
[[nodiscard]] ReadFailure unreadable(markdown::Place place, std::string_view why);

// A quoted value that does not end before the block does.
inline constexpr std::string_view unclosed_quote =
    "the quote that begins here is not closed; put a quote at the end of the value";
inline constexpr std::string_view no_colon =
    "the line is no 'key: value'; put a colon and a space behind its key, or indent it when it "
    "belongs to the value above";

}  // namespace devy::post
