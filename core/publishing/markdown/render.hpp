#pragma once
// Renders Markdown to HTML with cmark-gfm and GitHub's extensions, raw HTML included, and then
// through the sanitiser, which decides what stays.
//
// Runs in the rendering child: untrusted text may need any time and memory, and cmark cannot
// recover from a failed allocation, so the process then ends (status child_out_of_memory). Throws
// only std::bad_alloc. One thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/publishing/markdown/sanitise.hpp"

namespace devy::markdown {

struct Heading {
  int level = 1;
  std::string id, text;  // the id as the HTML has it
};

struct RenderedBody {
  std::string problem;  // why there is no HTML; otherwise empty
  SanitisedHtml html;
  std::vector<FileLink> links;
  std::string title;              // of the heading that became the title, otherwise empty
  std::string title_id;           // the id of the heading that left the body, with GitHub's prefix
  std::string summary;            // the first paragraph with visible text
  std::vector<Heading> headings;  // those that stay, in order
  Anchors anchors;                // what links may lead to, also the removed heading's id
  std::vector<DeadFragment> dead_fragments;
};

// Decides about the first level-1 heading with words in it.
struct TitleRule {
  bool is_taken = false;     // it is the title, and leaves the body
  std::string_view written;  // it leaves the body when it says the same as this title; may be empty
};

// `markdown` is valid UTF-8. Relative URLs start from the folder of `path`. Lines are those of
// `markdown`.
[[nodiscard]] RenderedBody render_body(std::string_view markdown, const TitleRule& rule,
                                       const std::string& path);
[[nodiscard]] inline RenderedBody render_body(std::string_view markdown, bool takes_title,
                                              const std::string& path) {
  return render_body(markdown, TitleRule{takes_title, {}}, path);
}

}  // namespace devy::markdown
