#pragma once
// The one way from a post's Markdown to a reader's browser: HTML in, HTML out that holds nothing
// but listed elements, attributes, classes and URL schemes (element.hpp, sanitise_policy.hpp,
// link_url.hpp).
//
// - The text is parsed as a browser parses it, by gumbo, and written anew; no byte of markup is
//   copied. html_writer.hpp says why it reads back as the same tree. Text that is as regular as
//   what cmark makes of Markdown is read by html_scan.hpp, with the same result, in a tenth of the
//   time.
// - Ids and names get GitHub's prefix, and so do the links to them.
// - Links to other sites get rel="nofollow ugc noopener".
// - A URL that names a file of the repository leaves an empty place and a FileLink.
//
// sanitise() of its own result, its places filled with any paths, gives the same again but for
// names of emoji that a first pass left.
// Pure; any thread. Throws std::bad_alloc; see html_tree.hpp for gumbo's own memory.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/markdown/document.hpp"
#include "core/markdown/mentions.hpp"

namespace devy::markdown {

// HTML fit for a reader: only sanitise() makes any.
class SanitisedHtml {
 public:
  SanitisedHtml() = default;

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string take() { return std::move(text_); }
  bool operator==(const SanitisedHtml&) const = default;

 private:
  friend class Sanitiser;
  explicit SanitisedHtml(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

struct Sanitised {
  SanitisedHtml html;
  std::vector<FileLink> links;
  std::string problem;  // why there is no HTML (html_guard.hpp); else empty
};

// `html` is what cmark makes of valid UTF-8 (reader_text.hpp); `mentions` knows the file's path,
// and its places go to the links.
[[nodiscard]] Sanitised sanitise(std::string_view html, const Mentions& mentions);
// The same by gumbo in every case, for tests of that claim.
[[nodiscard]] Sanitised sanitise_parsed(std::string_view html, const Mentions& mentions);

}  // namespace devy::markdown
