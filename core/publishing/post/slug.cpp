#include "core/publishing/post/slug.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/percent.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/publishing/markdown/link_target.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/markdown/unicode.hpp"

namespace devy::post {
namespace {

constexpr std::string_view nameless = "post";
// Those of the files that GitHub renders as Markdown.
constexpr std::array<std::string_view, 6> markdown_extensions{"md",  "markdown", "mdown",
                                                              "mkd", "mkdn",     "mdwn"};
constexpr std::size_t digest_characters = 8;
constexpr std::size_t date_bytes = std::string_view("2024-01-02").size();

// "+" and "#" beside letters are words: C++ and C# are not C.
std::string_view word_of(char32_t sign) {
  if (sign == U'+') return "plus";
  if (sign == U'#') return "sharp";
  return {};
}

bool begins_with_letter(std::string_view text) {
  return !text.empty() && markdown::is_letter(markdown::read_character(text));
}

std::string_view read_signs(std::string_view& text) {
  const auto signs = text.substr(0, text.find_first_not_of("+#"));
  text.remove_prefix(signs.size());
  return signs;
}

// One part of a slug on its way: words with a single '-' between them.
class Part {
 public:
  void add(char32_t character) {
    if (wants_dash_ && !text_.empty()) text_ += '-';
    wants_dash_ = false;
    markdown::append_character(text_, markdown::to_lower(character));
  }
  void add_word(std::string_view word) {
    wants_dash_ = true;
    for (const char letter : word)
      add(static_cast<unsigned char>(letter));
    wants_dash_ = true;
  }
  void end_word() { wants_dash_ = true; }
  // A combining mark whose letter was dropped (an emoji's keycap) would stand by itself, or on the
  // '-'.
  [[nodiscard]] bool has_letter_before() const { return !text_.empty() && !wants_dash_; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
  bool wants_dash_ = false;
};

// Letters and digits, with single '-' between runs of them. May be empty.
std::string part_of(std::string_view text) {
  Part part;
  bool follows_letter = false;
  while (!text.empty()) {
    if (word_of(static_cast<unsigned char>(text[0])).empty()) {
      const char32_t character = markdown::read_character(text);
      if (markdown::is_ignorable(character)) continue;
      follows_letter =
          markdown::is_letter(character) || (follows_letter && markdown::is_mark(character));
      const bool is_kept =
          (markdown::is_letter_or_digit(character) || markdown::is_other_number(character)) &&
          (part.has_letter_before() || !markdown::is_mark(character));
      if (is_kept) part.add(character);
      else part.end_word();
      continue;
    }
    const auto signs = read_signs(text);
    const bool are_words = follows_letter || begins_with_letter(text);
    for (const char sign : signs)
      if (are_words) part.add_word(word_of(static_cast<unsigned char>(sign)));
    part.end_word();
    follows_letter = false;
  }
  return part.take();
}

void trim_end(std::string& slug) {
  while (!slug.empty() && (slug.back() == '-' || slug.back() == '/'))
    slug.pop_back();
}

// Cut ones that begin alike differ by a digest of the whole.
std::string cut(std::string slug) {
  if (slug.size() <= slug_bytes_max) return slug;
  const auto digest = base::to_hex(base::sha256(slug)).substr(0, digest_characters);
  return slug_with_ending(slug, digest);
}

// May be empty.
std::string slugify_parts(std::string_view text, bool names_last_part) {
  const std::string normal = markdown::normalize_nfc(text);
  std::string_view rest = normal;
  std::string slug;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    std::string part = part_of(rest.substr(0, slash));
    // A file named by symbols only must not take its folder's slug.
    if (part.empty() && names_last_part && slash == std::string_view::npos) part = nameless;
    if (!part.empty()) slug += (slug.empty() ? "" : "/") + part;
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  }
  // Lower case may compose where upper case did not.
  return cut(markdown::normalize_nfc(slug));
}

std::string named(const std::string& slug) {
  return slug.empty() ? std::string(nameless) : slug;
}

// "https://a.example/b?c#d" → "/b"; "/b" and "b" stay.
std::string_view path_of(std::string_view address) {
  const auto scheme = address.find("://");
  if (scheme != std::string_view::npos &&
      address.substr(0, scheme).find('/') == std::string::npos) {
    address.remove_prefix(scheme + 3);
    address.remove_prefix(std::min(address.find('/'), address.size()));
  }
  return address.substr(0, address.find_first_of("?#"));
}

// "a/b.html" → "a/b", "a/index.html" → "a".
std::string_view without_page_name(std::string_view path) {
  const auto last = path.substr(std::min(path.rfind('/') + 1, path.size()));
  const auto dot = last.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return path;
  const auto extension = base::to_lower(last.substr(dot + 1));
  if (extension != "html" && extension != "htm" && !is_markdown_path(last)) return path;
  path.remove_suffix(last.size() - dot);
  const auto stem = last.substr(0, dot);
  if (base::to_lower(stem) == "index" && path.size() > stem.size()) path.remove_suffix(stem.size());
  return path;
}

// The names of a folder's own page.
bool is_folder_page_stem(std::string_view stem) {
  const auto name = base::to_lower(stem);
  return name == "index" || name == "_index" || name == "readme";
}

// "_posts/a.md" → "a.md", "trips/_drafts/b.md" → "trips/b.md": Jekyll's folders say what a file is,
// and not where it is read.
std::string without_kind_folders(std::string_view path) {
  std::string kept;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, end);
    const bool is_folder = end < path.size();
    path.remove_prefix(std::min(end + 1, path.size()));
    if (is_folder && (part == "_posts" || part == "_drafts")) continue;
    kept += part;
    if (is_folder) kept += '/';
  }
  return kept;
}

// A calendar date at the front of a name: either the whole name, or followed by '-', '_' or a
// space.
std::optional<std::chrono::year_month_day> leading_date(std::string_view name) {
  if (name.size() < date_bytes || name[4] != '-' || name[7] != '-') return std::nullopt;
  const auto digits = [&](std::size_t from, std::size_t count) -> int {
    int value = 0;
    for (const char byte : name.substr(from, count)) {
      if (byte < '0' || byte > '9') return -1;
      value = value * 10 + (byte - '0');
    }
    return value;
  };
  const int year = digits(0, 4);
  const int month = digits(5, 2);
  const int day = digits(8, 2);
  if (year < 1 || month < 0 || day < 0) return std::nullopt;
  if (name.size() > date_bytes &&
      std::string_view("-_ ").find(name[date_bytes]) == std::string_view::npos)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  return date.ok() ? std::optional(date) : std::nullopt;
}

// A name that is nothing but a date keeps it.
std::string_view without_date(std::string_view name) {
  return name.size() > date_bytes + 1 && leading_date(name) ? name.substr(date_bytes + 1) : name;
}

struct Name {
  std::string_view folder;  // with its '/', or empty
  std::string_view last;    // the file's name without extension; a folder's page has its folder's
};

Name split(std::string_view path) {
  const auto slash = path.rfind('/');
  std::string_view folder = slash == std::string_view::npos ? "" : path.substr(0, slash + 1);
  std::string_view stem = path.substr(folder.size());
  if (is_markdown_path(stem)) stem = stem.substr(0, stem.rfind('.'));
  if (!is_folder_page_stem(stem) || folder.empty()) return {folder, stem};
  folder.remove_suffix(1);
  const auto parent = folder.rfind('/');
  const std::size_t start = parent == std::string_view::npos ? 0 : parent + 1;
  return {folder.substr(0, start), folder.substr(start)};
}

}  // namespace

std::string slugify(std::string_view text) {
  return named(slugify_parts(text, false));
}

std::optional<std::string> slug_of_address(std::string_view address) {
  const std::string decoded = base::percent_decoded(path_of(address));
  auto slug = slugify_parts(without_page_name(decoded), false);
  return slug.empty() ? std::nullopt : std::optional(std::move(slug));
}

std::string slug_from_path(std::string_view path_under_root) {
  const auto path = without_kind_folders(path_under_root);
  const auto name = split(path);
  return named(
      slugify_parts(std::string(name.folder) + std::string(without_date(name.last)), true));
}

bool is_permalink_pattern(std::string_view address) {
  return address.starts_with(':') || address.find("/:") != std::string_view::npos ||
         address.find("{{") != std::string_view::npos;
}

bool is_permalink(std::string_view key, std::string_view address) {
  if (address.empty() || is_permalink_pattern(address)) return false;
  return key == "permalink" || !markdown::is_web_address(address);
}

std::optional<std::string> written_slug(std::string_view path_under_root,
                                        const std::optional<std::string>& slug,
                                        const std::optional<std::string>& permalink) {
  if (permalink)
    if (auto whole = slug_of_address(*permalink)) return whole;
  if (!slug) return std::nullopt;
  std::string_view text = *slug;
  while (text.ends_with('/'))
    text.remove_suffix(1);
  auto written = slugify_parts(text, false);
  if (written.empty()) return std::nullopt;
  if (text.find('/') != std::string_view::npos) return written;
  const auto path = without_kind_folders(path_under_root);
  return slugify_parts(std::string(split(path).folder) + std::string(text), false);
}

std::string slug_with_ending(std::string_view slug, std::string_view ending) {
  const std::size_t bytes_max = slug_bytes_max - std::min(slug_bytes_max, ending.size() + 1);
  std::string result(markdown::prefix_of(slug, bytes_max));
  trim_end(result);
  if (!result.empty()) result += '-';
  return result.append(ending);
}

bool is_plain_name(std::string_view path_under_root, std::string_view slug) {
  const auto dot = path_under_root.rfind('.');
  return path_under_root.substr(0, dot) == slug;
}

std::string title_from_path(std::string_view path) {
  std::string name = markdown::plain_text(without_date(split(path).last));
  // Somebody who writes spaces means the other characters as they are.
  if (name.find(' ') == std::string::npos) {
    std::ranges::replace(name, '-', ' ');
    std::ranges::replace(name, '_', ' ');
    name = markdown::plain_text(name);
  }
  if (name.empty()) return "Untitled";
  // "iPhone" and "eBPF" have their capitals where they belong.
  const auto word = std::string_view(name).substr(0, name.find(' '));
  if (std::ranges::any_of(word, [](char byte) { return byte >= 'A' && byte <= 'Z'; })) return name;
  std::string_view rest = name;
  std::string title;
  markdown::append_character(title, markdown::to_title(markdown::read_character(rest)));
  return title.append(rest);
}

std::optional<std::chrono::sys_days> date_from_path(std::string_view path) {
  const auto date = leading_date(split(path).last);
  if (!date) return std::nullopt;
  return std::chrono::sys_days{*date};
}

bool is_markdown_path(std::string_view path) {
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto extension = base::to_lower(path.substr(dot + 1));
  return std::ranges::find(markdown_extensions, extension) != markdown_extensions.end();
}

}  // namespace devy::post
