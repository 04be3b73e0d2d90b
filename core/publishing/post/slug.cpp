#include "core/publishing/post/slug.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/percent.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/markdown/unicode.hpp"

namespace devy::post {
namespace {

constexpr std::size_t slug_bytes_max = 200;
constexpr std::string_view nameless = "post";
// Those of the files that GitHub renders as Markdown.
constexpr std::array<std::string_view, 6> markdown_extensions{"md",  "markdown", "mdown",
                                                              "mkd", "mkdn",     "mdwn"};
constexpr std::size_t date_bytes = std::string_view("2024-01-02").size();

// One part: letters and digits, with single '-' between runs of them. May be empty.
void append_part(std::string& slug, std::string_view part) {
  bool wants_dash = false;
  bool is_first = true;
  while (!part.empty()) {
    const char32_t character = markdown::read_character(part);
    if (markdown::is_ignorable(character)) continue;
    // A combining mark whose letter was dropped (an emoji's keycap) would stand by itself, or on
    // the '-'.
    const bool is_stray_mark = (is_first || wants_dash) && markdown::is_mark(character);
    if (is_stray_mark ||
        !(markdown::is_letter_or_digit(character) || markdown::is_other_number(character))) {
      wants_dash = true;
      continue;
    }
    if (wants_dash && !is_first) slug += '-';
    wants_dash = false;
    is_first = false;
    markdown::append_character(slug, markdown::to_lower(character));
  }
}

std::string cut(std::string slug) {
  slug.resize(markdown::prefix_of(slug, slug_bytes_max).size());
  while (!slug.empty() && (slug.back() == '-' || slug.back() == '/'))
    slug.pop_back();
  return slug;
}

// May be empty.
std::string slugify_parts(std::string_view text, bool names_last_part) {
  const std::string normal = markdown::normalize_nfc(text);
  std::string_view rest = normal;
  std::string slug;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    std::string part;
    append_part(part, rest.substr(0, slash));
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
  std::string_view last;    // the file's name without extension; an index has its folder's
};

Name split(std::string_view path) {
  const auto slash = path.rfind('/');
  std::string_view folder = slash == std::string_view::npos ? "" : path.substr(0, slash + 1);
  std::string_view stem = path.substr(folder.size());
  if (is_markdown_path(stem)) stem = stem.substr(0, stem.rfind('.'));
  if (base::to_lower(stem) != "index" || folder.empty()) return {folder, stem};
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
  const auto name = split(path_under_root);
  return named(
      slugify_parts(std::string(name.folder) + std::string(without_date(name.last)), true));
}

std::string title_from_path(std::string_view path) {
  std::string spaced(without_date(split(path).last));
  std::ranges::replace(spaced, '-', ' ');
  std::ranges::replace(spaced, '_', ' ');
  const std::string clean = markdown::plain_text(spaced);
  if (clean.empty()) return "Untitled";
  std::string_view rest = clean;
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
