#pragma once
// One Markdown file, understood: what its front matter says, what its text gives, its HTML. Made in
// the rendering child from hostile bytes; everything in it is valid UTF-8 without U+0000.
// Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/clock.hpp"
#include "core/config/config.hpp"
#include "core/markdown/date.hpp"
#include "core/snapshot/file_error.hpp"

namespace devy::markdown {

// Bump whenever the same bytes would render differently: every post is then rendered anew by its
// blog's next upload (it is part of snapshot::Entry::origin).
inline constexpr int renderer_version = 2;

// A place in a document's HTML where the URL of another file of the repository belongs: the value
// of a link's or an image's attribute, empty until the publish knows the URL.
struct FileLink {
  enum class Use : std::uint8_t { page, resource };  // <a href>; what a page loads: <img src> …

  std::uint32_t offset = 0;  // in Document::html; ascending
  Use use = Use::page;
  std::string target;  // a path of the repository in normal form; empty: it would lie outside
  std::uint32_t line = 0, column = 0;  // of the file, as in snapshot::FileError
  bool operator==(const FileLink&) const = default;
};

struct Document {
  std::string title;                // never empty
  std::optional<std::string> slug;  // as the front matter gives it, already slugified
  std::string summary;              // plain text, may be empty
  std::optional<WrittenDate> date;  // front matter, else the file name's YYYY-MM-DD- prefix
  std::optional<WrittenDate> updated;
  std::optional<base::TimePoint> expires;
  std::vector<std::string> tags;  // in order, no two equal
  std::vector<std::string> authors;
  std::vector<std::string> aliases;  // old paths that should redirect here
  std::optional<std::string> cover, canonical, lang;
  bool is_draft = false;
  std::uint32_t word_count = 0;          // see word_count.hpp
  std::string front_matter_json = "{}";  // an object: every key, known and unknown
  std::string toc_json = "[]";           // [{level, id, text}]
  std::string markdown;                  // the body, without front matter
  std::string html;                      // went through the sanitiser, but for the URLs of `links`
  std::vector<FileLink> links;
  std::vector<snapshot::FileError> warnings;
};

struct SourceFile {
  std::string path;
  std::string text;  // the blob's bytes
};

// A document, or why the post keeps its last good version.
// Why a file became an error: what it says, or what it did to the child that rendered it.
enum class Rejection { invalid, cpu, memory, crashed };

struct Rendered {
  std::string path;
  std::variant<Document, snapshot::FileError> result;
  Rejection rejection = Rejection::invalid;  // of a file error
};

// What decides the result besides the bytes (all of it from devy.toml).
struct RenderOptions {
  std::string timezone = "UTC";
};

// Bytes to Document, in this process: the rendering child's work, see renderer.hpp for everybody
// else. `source.text` becomes the document's markdown without being copied.
[[nodiscard]] Rendered make_document(SourceFile&& source, const config::Limits& limits,
                                     const RenderOptions& options);

// A Git LFS pointer stands where the file's text is not: such a path is skipped with a warning.
[[nodiscard]] bool is_lfs_pointer(std::string_view text);

}  // namespace devy::markdown
