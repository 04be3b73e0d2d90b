#include "core/publishing/post/document.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "core/platform/base/safe_text.hpp"
#include "core/platform/json/json.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/markdown/prescan.hpp"
#include "core/publishing/markdown/render.hpp"
#include "core/publishing/post/front_matter.hpp"
#include "core/publishing/post/slug.hpp"
#include "core/publishing/post/timezone.hpp"
#include "core/publishing/post/word_count.hpp"

namespace devy::post {
namespace {

using snapshot::FileError;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// Eight bytes at a time while they are ASCII without U+0000, as nearly all are.
std::size_t plain_bytes(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  constexpr std::uint64_t low_bits = 0x0101010101010101;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & high_bits) != 0 || ((word - low_bits) & high_bits) != 0) break;
  }
  return at;
}

// Finds the first byte that is not UTF-8 as PostgreSQL accepts it.
std::optional<std::size_t> first_bad_byte(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    at += plain_bytes(text.substr(at));
    // A word with something else in it, and what follows up to the next plain one.
    for (std::size_t end = std::min(at + 16, text.size()); at < end;) {
      const auto length = base::utf8_length(text.substr(at, 4));
      if (length == 0 || text[at] == '\0') return at;
      at += length;
    }
  }
  return std::nullopt;
}

markdown::Place place_of(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto newline = before.rfind('\n');
  const std::size_t line_begin = newline == std::string_view::npos ? 0 : newline + 1;
  return {static_cast<std::uint32_t>(std::ranges::count(before, '\n') + 1),
          static_cast<std::uint32_t>(at - line_begin + 1)};
}

std::string mebibytes(std::uint64_t bytes) {
  if (bytes % config::mebibyte == 0) return std::to_string(bytes / config::mebibyte) + " MiB";
  if (bytes % config::kibibyte == 0) return std::to_string(bytes / config::kibibyte) + " KiB";
  return std::to_string(bytes) + " bytes";
}

// Zones are few and loading one reads a file: kept for the life of the (single-threaded) child.
const Timezone* find_zone(const std::string& name) {
  thread_local std::map<std::string, std::optional<Timezone>> zones;
  auto found = zones.find(name);
  if (found == zones.end()) found = zones.emplace(name, Timezone::load(name)).first;
  return found->second ? &*found->second : nullptr;
}

std::string toc_json(const std::vector<markdown::Heading>& headings) {
  auto toc = json::Json::array();
  for (const auto& heading : headings) {
    auto entry = json::Json::object();
    entry.set("id", heading.id).set("level", heading.level).set("text", heading.text);
    toc.push(std::move(entry));
  }
  return toc.compact();
}

std::optional<FileError> check_bytes(const SourceFile& source, const config::Limits& limits) {
  if (source.text.size() > limits.markdown_file_bytes_max)
    return FileError{source.path, 0, 0,
                     "file is larger than " + mebibytes(limits.markdown_file_bytes_max)};
  if (const auto bad = first_bad_byte(source.text)) {
    const markdown::Place place = place_of(source.text, *bad);
    const bool is_nul = source.text[*bad] == '\0';
    return FileError{source.path, place.line, place.column,
                     is_nul ? "the character U+0000 is not allowed" : "invalid UTF-8"};
  }
  return std::nullopt;
}

// The date of a file name has no offset either, so it is in the blog's zone as well.
std::optional<WrittenDate> date_of_name(std::string_view path, const Timezone& zone) {
  const auto day = date_from_path(path);
  return day ? written_day(*day, zone) : std::nullopt;
}

// The folder in which Jekyll keeps what is not to be seen yet, whatever the file itself says.
bool is_in_drafts_folder(std::string_view path) {
  constexpr std::string_view folder = "_drafts/";
  return path.starts_with(folder) || path.find("/_drafts/") != std::string_view::npos;
}

// A post with more is no text for readers, and all of them are stored with the post.
std::optional<std::vector<std::string>> bounded(markdown::Anchors&& anchors) {
  constexpr std::size_t anchors_max = 10'000;
  constexpr std::size_t anchor_bytes_max = 256 * config::kibibyte;
  std::size_t bytes = 0;
  for (const auto& anchor : anchors)
    bytes += anchor.size();
  if (anchors.size() > anchors_max || bytes > anchor_bytes_max) return std::nullopt;
  std::vector<std::string> sorted(anchors.begin(), anchors.end());
  std::ranges::sort(sorted);
  return sorted;
}

void warn_of_dead_fragments(const std::vector<markdown::DeadFragment>& dead,
                            std::uint32_t lines_before, const std::string& path,
                            Document& document) {
  constexpr std::size_t warnings_max = 1'000;  // far above the number that is ever kept
  for (const auto& [fragment, place] : dead) {
    if (document.warnings.size() >= warnings_max) return;
    document.warnings.push_back({path, place.line == 0 ? 0 : place.line + lines_before,
                                 place.column,
                                 "link to " + base::in_quotes('#' + fragment) + ": " +
                                     std::string(markdown::no_such_anchor)});
  }
}

Document to_document(FrontMatter&& matter, markdown::RenderedBody&& body, const SourceFile& source,
                     const Timezone& zone) {
  Document document;
  document.title = matter.title ? std::move(*matter.title) : std::move(body.title);
  if (document.title.empty()) document.title = title_from_path(source.path);
  document.title_id = std::move(body.title_id);
  document.slug = std::move(matter.slug);
  document.permalink = std::move(matter.permalink);
  document.slug_line = matter.slug_place.line;
  document.slug_column = matter.slug_place.column;
  document.summary = matter.summary ? std::move(*matter.summary) : std::move(body.summary);
  document.date = matter.date ? matter.date : date_of_name(source.path, zone);
  document.updated = matter.updated;
  document.expires = matter.expires;
  document.tags = std::move(matter.tags);
  document.authors = std::move(matter.authors);
  document.aliases = std::move(matter.aliases);
  document.cover = std::move(matter.cover);
  document.cover_line = matter.cover_place.line;
  document.cover_column = matter.cover_place.column;
  document.canonical = std::move(matter.canonical);
  document.lang = std::move(matter.lang);
  document.is_draft = matter.is_draft || is_in_drafts_folder(source.path);
  document.front_matter_json = std::move(matter.json);
  document.toc_json = toc_json(body.headings);
  document.html = body.html.take();
  document.links = std::move(body.links);
  document.anchors = bounded(std::move(body.anchors));
  document.word_count = count_words(document.html);
  for (auto& warning : matter.warnings)
    document.warnings.push_back(
        {source.path, warning.place.line, warning.place.column, std::move(warning.message)});
  return document;
}

std::variant<Document, FileError> understand(const SourceFile& source, std::size_t& body_offset,
                                             const config::Limits& limits,
                                             const RenderOptions& options) {
  if (auto error = check_bytes(source, limits)) return *error;
  const Timezone* zone = find_zone(options.timezone);
  if (zone == nullptr)
    return FileError{source.path, 0, 0, "time zone '" + options.timezone + "' is unknown here"};
  std::string_view text = source.text;
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  auto read = read_front_matter(text, *zone, limits.front_matter_bytes_max);
  if (auto* problem = std::get_if<FrontMatterProblem>(&read))
    return FileError{source.path, problem->place.line, problem->place.column, problem->message};
  auto& matter = std::get<FrontMatter>(read);
  const std::string_view body = text.substr(matter.body_offset);
  body_offset = source.text.size() - body.size();
  const auto lines_before =
      static_cast<std::uint32_t>(std::ranges::count(text.substr(0, matter.body_offset), '\n'));
  if (const auto problem = markdown::prescan(body))
    return FileError{source.path, problem->line + lines_before, 1, problem->message};
  const markdown::TitleRule rule{!matter.title, matter.title ? *matter.title : std::string_view()};
  markdown::RenderedBody rendered = markdown::render_body(body, rule, source.path);
  if (!rendered.problem.empty()) return FileError{source.path, 0, 0, std::move(rendered.problem)};
  for (auto& link : rendered.links)
    if (link.line != 0) link.line += lines_before;
  const auto dead_fragments = std::move(rendered.dead_fragments);
  Document document = to_document(std::move(matter), std::move(rendered), source, *zone);
  warn_of_dead_fragments(dead_fragments, lines_before, source.path, document);
  if (document.html.size() + document.toc_json.size() > limits.html_bytes_max)
    return FileError{source.path, 0, 0, "HTML is larger than " + mebibytes(limits.html_bytes_max)};
  return document;
}

}  // namespace

Rendered make_document(SourceFile&& source, const config::Limits& limits,
                       const RenderOptions& options) {
  std::size_t body_offset = 0;
  auto result = understand(source, body_offset, limits, options);
  if (auto* document = std::get_if<Document>(&result)) {
    source.text.erase(0, body_offset);
    document->markdown = std::move(source.text);
  }
  return {std::move(source.path), std::move(result)};
}

bool is_lfs_pointer(std::string_view text) {
  constexpr std::size_t pointer_bytes_max = 1'024;  // of the LFS specification
  return text.size() < pointer_bytes_max &&
         text.starts_with("version https://git-lfs.github.com/spec/") &&
         text.find("\noid ") != std::string_view::npos;
}

}  // namespace devy::post
