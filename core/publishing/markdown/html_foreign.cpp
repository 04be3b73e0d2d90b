#include "core/publishing/markdown/html_foreign.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/html_tag.hpp"
#include "core/publishing/markdown/plain_text.hpp"

namespace devy::markdown {
namespace {

enum class Root { none, svg, math };

Root root_named(std::string_view name) {
  if (name.size() < 3 || name.size() > 4) return Root::none;
  const auto lower = base::to_lower(name);
  if (lower == "svg") return Root::svg;
  return lower == "math" ? Root::math : Root::none;
}

// Finds the beginning of the next one, in whatever context it stands.
std::size_t find_root(std::string_view html, std::size_t from) {
  for (auto at = html.find('<', from); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const auto next = html.substr(at + 1, 5);
    if (root_named(next.substr(0, next.find_first_of(" \t\n\f\r/>"))) != Root::none) return at;
  }
  return std::string_view::npos;
}

// The bytes from `begin` up to `end`.
struct Range {
  std::size_t begin = 0, end = 0;
};

class ForeignElements {
 public:
  explicit ForeignElements(std::string_view html) : html_(html), rest_(html) {}

  // In order of their beginnings; one may lie in another.
  std::vector<Range> find() {
    while (skip_text())
      if (const auto tag = read_tag(rest_)) note(*tag);
    for (const auto& open : open_)
      found_.push_back(open.tag);
    std::ranges::sort(found_, {}, &Range::begin);
    return std::move(found_);
  }

 private:
  struct Open {
    Root root;
    Range tag;
  };

  // Up to the next tag; whether there is one.
  bool skip_text() {
    for (;;) {
      rest_.remove_prefix(std::min(rest_.find('<'), rest_.size()));
      if (rest_.starts_with("<!--")) {
        rest_.remove_prefix(4);
        if (!rest_.starts_with('>') && !rest_.starts_with("->")) skip_behind("-->");
      } else if (!open_.empty() && rest_.starts_with("<![CDATA[")) {
        skip_behind("]]>");
      } else if (rest_.empty() || begins_tag(rest_)) {
        return !rest_.empty();
      } else {
        rest_.remove_prefix(1);
      }
    }
  }
  void skip_behind(std::string_view mark) {
    const auto at = rest_.find(mark);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + mark.size());
  }

  void note(const TagText& tag) {
    const auto root = root_named(tag.name);
    if (root == Root::none) {
      if (open_.empty() && !tag.is_end) skip_content(tag);
      return;
    }
    const auto begin = static_cast<std::size_t>(tag.name.data() - html_.data()) - 1;
    const auto end = html_.size() - rest_.size() + (rest_.empty() ? 0 : 1);
    auto& count = counts_.at(static_cast<std::size_t>(root));
    if (!tag.is_end && tag.is_self_closing) {
      found_.push_back({begin, end});
    } else if (!tag.is_end) {
      open_.push_back({root, {begin, end}});
      ++count;
    } else if (count > 0) {
      while (open_.back().root != root)
        close_innermost(end);
      close_innermost(end);
    }
  }
  void close_innermost(std::size_t end) {
    found_.push_back({open_.back().tag.begin, end});
    --counts_.at(static_cast<std::size_t>(open_.back().root));
    open_.pop_back();
  }

  // The content of such an element is not HTML.
  void skip_content(const TagText& tag) {
    constexpr std::array<std::string_view, 8> names{"iframe", "noembed",  "noframes", "script",
                                                    "style",  "textarea", "title",    "xmp"};
    const auto name = base::to_lower(tag.name);
    if (!std::ranges::binary_search(names, name)) return;
    for (auto at = rest_.find("</"); at != std::string_view::npos; at = rest_.find("</", 2)) {
      rest_.remove_prefix(at);
      if (base::to_lower(rest_.substr(2, name.size())) == name) return;
    }
    rest_ = {};
  }

  std::string_view html_, rest_;
  std::vector<Open> open_;
  std::array<std::size_t, 3> counts_{};  // of each root in open_
  std::vector<Range> found_;
};

std::string without(std::string_view html, const std::vector<Range>& ranges) {
  std::string kept;
  kept.reserve(html.size());
  std::size_t done = 0;
  for (const auto& range : ranges) {
    if (range.begin > done) kept.append(html.substr(done, range.begin - done));
    done = std::max(done, range.end);
  }
  return kept.append(html.substr(done));
}

// Escapes everything that a parser might take for the beginning of such an element although this
// scan did not: in the text of another element, or in an attribute, the text reads the same with a
// character reference in it.
std::string with_roots_as_text(const std::string& html) {
  std::string text;
  text.reserve(html.size());
  std::size_t done = 0;
  for (auto at = find_root(html, 0); at != std::string::npos; at = find_root(html, at + 1)) {
    text.append(html, done, at - done).append("&lt;");
    done = at + 1;
  }
  return text.append(html, done);
}

}  // namespace

std::optional<std::string> without_foreign(std::string_view html) {
  if (find_root(html, 0) == std::string_view::npos) return std::nullopt;
  return with_roots_as_text(without(html, ForeignElements(html).find()));
}

}  // namespace devy::markdown
