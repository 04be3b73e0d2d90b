#pragma once
// Markdown text to HTML by cmark-gfm in its safe mode, with GitHub's extensions. What raw HTML may
// stay is the sanitiser's business, later; here none stays.
//
// Runs in the rendering child: hostile text may need any time and memory, and cmark has no way out
// of an allocation that fails, so this ends the process then (status child_out_of_memory). Throws
// nothing else than std::bad_alloc. One thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace devy::markdown {

struct Heading {
  int level = 1;
  std::string id, text;
};

struct RenderedBody {
  std::string html;
  std::string title;              // of the heading taken out, else empty
  std::string summary;            // the first paragraph that says something
  std::vector<Heading> headings;  // those that stay, in order
};

// `markdown` is valid UTF-8. With `takes_title` the first level-1 heading leaves the body. Links
// and images to anything but http, https, mailto and relative addresses lose their target.
[[nodiscard]] RenderedBody render_body(std::string_view markdown, bool takes_title);

}  // namespace devy::markdown
