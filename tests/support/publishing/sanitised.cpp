#include "tests/support/publishing/sanitised.hpp"

#include <algorithm>

#include "core/publishing/markdown/emoji.hpp"
#include "core/publishing/markdown/sanitise.hpp"
#include "core/publishing/markdown/source_positions.hpp"
#include "tests/support/publishing/html_inspector.hpp"

namespace devy::testing {
namespace {

using markdown::FileLink;

// A URL that means `target` wherever it stands. Outside the repository: one that is not there.
std::string url_of(const std::string& target) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  if (target.empty()) return "/%00";
  std::string url = "/";
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/') {
      url += c;
    } else {
      url += '%';
      url += digits[byte >> 4U];
      url += digits[byte & 0xfU];
    }
  }
  return url;
}

std::string filled(const std::string& html, const std::vector<FileLink>& links) {
  std::string out;
  std::size_t done = 0;
  for (const auto& link : links) {
    out.append(html, done, link.offset - done).append(url_of(link.target));
    done = link.offset;
  }
  return out.append(html, done);
}

// Names of emoji that a first pass made, of characters that went, a second one would replace.
std::string shown(const std::string& html) {
  return markdown::with_emoji(html).value_or(html);
}

std::string problem_in_places(const std::string& html, const std::vector<FileLink>& links) {
  std::size_t done = 0;
  for (const auto& link : links) {
    if (link.offset < done || link.offset >= html.size()) return "an offset is out of order";
    done = link.offset;
    const auto before = std::string_view(html).substr(0, link.offset);
    const bool is_first = before.ends_with(" href=\"") || before.ends_with(" src=\"") ||
                          before.ends_with(" srcset=\"");
    if (!is_first && !before.ends_with(", ")) return "a place is no value";
    if (html[link.offset] != '"' && html[link.offset] != '#' && html[link.offset] != ' ' &&
        html[link.offset] != ',')
      return "a place is not empty";
  }
  return {};
}

}  // namespace

std::string problem_in_sanitised(const std::string& html, const std::vector<FileLink>& links) {
  if (auto problem = problem_in_html(html); !problem.empty()) return problem;
  if (auto problem = problem_in_places(html, links); !problem.empty()) return problem;
  const auto again =
      markdown::sanitise(filled(html, links), markdown::SourcePositions("posts/a.md"), "class");
  if (shown(again.html.text()) != shown(html)) return "again it is:\n" + again.html.text();
  const bool has_same_targets = std::ranges::equal(
      again.links, links,
      [](const FileLink& a, const FileLink& b) { return a.use == b.use && a.target == b.target; });
  return has_same_targets ? "" : "again the links differ";
}

std::string problem_in_sanitising(std::string_view html) {
  const markdown::SourcePositions mentions("posts/a.md");
  const auto once = markdown::sanitise(html, mentions);
  const auto parsed = markdown::sanitise_parsed(html, mentions);
  if (parsed.html != once.html || parsed.links != once.links)
    return "the parser makes of it:\n" + parsed.html.text() + "\nthe scan:\n" + once.html.text();
  return problem_in_sanitised(once.html.text(), once.links);
}

}  // namespace devy::testing
