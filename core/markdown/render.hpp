#pragma once
// Markdown text to HTML: by cmark-gfm with GitHub's extensions, raw HTML and all, and then through
// the sanitiser, which decides what stays.
//
// Runs in the rendering child: hostile text may need any time and memory, and cmark has no way out
// of an allocation that fails, so this ends the process then (status child_out_of_memory). Throws
// nothing else than std::bad_alloc. One thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/markdown/sanitise.hpp"

namespace devy::markdown {

struct Heading {
  int level = 1;
  std::string id, text;  // the id as the HTML has it
};

struct RenderedBody {
  std::string problem;  // why there is no HTML; else empty
  SanitisedHtml html;
  std::vector<FileLink> links;
  std::string title;              // of the heading taken out, else empty
  std::string summary;            // the first paragraph that says something
  std::vector<Heading> headings;  // those that stay, in order
};

// `markdown` is valid UTF-8. With `takes_title` the first level-1 heading leaves the body. Relative
// URLs start from the folder of `path`. Lines are those of `markdown`.
[[nodiscard]] RenderedBody render_body(std::string_view markdown, bool takes_title,
                                       const std::string& path);

}  // namespace devy::markdown
