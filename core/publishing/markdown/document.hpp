#pragma once
// One parsed Markdown file: its front matter, what is derived from its text, and its HTML. It is
// made in the rendering child from untrusted bytes; all its text is valid UTF-8 without U+0000.
// Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/markdown/date.hpp"

namespace devy::markdown {

// Increase it whenever the same bytes would render differently: the next upload of each blog then
// renders every post anew (it is part of snapshot::Entry::origin).
inline constexpr int renderer_version = 3;

// A place in a document's HTML for the URL of another file of the repository: the value of a link's
// or an image's attribute, which stays empty until the publish knows the URL.
struct FileLink {
  // Page: <a href>; resource: what a page loads, <img src> ….
  enum class Use : std::uint8_t { page, resource };

  std::uint32_t offset = 0;  // in Document::html, ascending
  Use use = Use::page;
  std::string target;  // a normalised path of the repository; empty: it would lie outside
  std::uint32_t line = 0, column = 0;  // in the file, as in snapshot::FileError
  bool operator==(const FileLink&) const = default;
};

struct Document {
  std::string title;                // never empty
  std::optional<std::string> slug;  // from the front matter, already slugified
  std::string summary;              // plain text, may be empty
  // From the front matter, else from the file name's YYYY-MM-DD- prefix.
  std::optional<WrittenDate> date;
  std::optional<WrittenDate> updated;
  std::optional<base::TimePoint> expires;
  std::vector<std::string> tags;  // in order, no two equal
  std::vector<std::string> authors;
  std::vector<std::string> aliases;  // old paths that redirect here
  std::optional<std::string> cover, canonical, lang;
  bool is_draft = false;
  std::uint32_t word_count = 0;          // see word_count.hpp
  std::string front_matter_json = "{}";  // an object: every key, known and unknown
  std::string toc_json = "[]";           // [{level, id, text}]
  std::string markdown;                  // the body, without front matter
  std::string html;                      // sanitised, except for the URLs of `links`
  std::vector<FileLink> links;
  std::vector<snapshot::FileError> warnings;
};

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

}  // namespace devy::markdown
