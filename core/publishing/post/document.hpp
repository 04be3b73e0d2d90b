#pragma once
// One parsed Markdown file: its front matter, what is derived from its text, and its HTML. It is
// made in the rendering child from untrusted bytes; all its text is valid UTF-8 without U+0000.
// Values; any thread.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/markdown/file_link.hpp"
#include "core/publishing/post/date.hpp"

namespace devy::post {

// Increase it whenever the same bytes would render differently: the next upload of each blog then
// renders every post anew (it is part of snapshot::Entry::origin).
inline constexpr int renderer_version = 4;

struct Document {
  std::string title;     // never empty
  std::string title_id;  // of the heading that left the HTML for it: the page's own title has it
  // From the front matter, as written; written_slug() in slug.hpp says what they ask for.
  std::optional<std::string> slug, permalink;
  std::uint32_t slug_line = 0, slug_column = 0;  // of the one that counts
  std::string summary;                           // plain text, may be empty
  // From the front matter, else from the file name's YYYY-MM-DD- prefix.
  std::optional<WrittenDate> date;
  std::optional<WrittenDate> updated;
  std::optional<base::TimePoint> expires;
  std::vector<std::string> tags;  // in order, no two equal
  std::vector<std::string> authors;
  std::vector<std::string> aliases;  // old paths that redirect here
  std::optional<std::string> cover, canonical, lang;
  std::uint32_t cover_line = 0, cover_column = 0;
  bool is_draft = false;
  std::uint32_t word_count = 0;          // see word_count.hpp
  std::string front_matter_json = "{}";  // an object: every key, known and unknown
  std::string toc_json = "[]";           // [{level, id, text}]
  std::string markdown;                  // the body, without front matter
  std::string html;                      // sanitised, except for the URLs of `links`
  std::vector<markdown::FileLink> links;
  // The ids and names that links may lead to, without markdown::id_prefix; none: too many to check.
  std::optional<std::vector<std::string>> anchors;
  std::vector<snapshot::FileError> warnings;
};

// Lists its fields for a message to another process (process/message.hpp): all but the Markdown.
template <class Message, class Post>
requires(std::same_as<std::remove_const_t<Post>, Document>) void fields(Message& message,
                                                                        Post& document) {
  message(document.title, document.title_id, document.slug, document.permalink, document.slug_line,
          document.slug_column, document.summary, document.date, document.updated, document.expires,
          document.tags, document.authors, document.aliases, document.cover, document.canonical,
          document.lang, document.is_draft, document.word_count, document.front_matter_json,
          document.toc_json, document.html, document.links, document.anchors, document.warnings,
          document.cover_line, document.cover_column);
}

struct SourceFile {
  std::string path;
  std::string text;  // the blob's bytes
};

// The reason why a file became an error: an invalid document, or the fault it caused in the child
// that rendered it. The post then keeps its last good version.
enum class Rejection { invalid, cpu, memory, crashed };

struct Rendered {
  std::string path;
  std::variant<Document, snapshot::FileError> result;
  Rejection rejection = Rejection::invalid;  // set for a file error
};

// The inputs that determine the result besides the bytes; all come from devy.toml.
struct RenderOptions {
  std::string timezone = "UTC";
};

// Converts bytes to a Document in this process; this is the rendering child's work, and all other
// code uses renderer.hpp. `source.text` becomes the document's markdown without being copied.
[[nodiscard]] Rendered make_document(SourceFile&& source, const config::Limits& limits,
                                     const RenderOptions& options);

// True for a Git LFS pointer, which takes the place of a file's text: such a path is skipped with a
// warning.
[[nodiscard]] bool is_lfs_pointer(std::string_view text);

}  // namespace devy::post
