#include "tests/support/publishing/html_inspector.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

namespace devy::testing {
namespace {

using Names = std::set<std::string, std::less<>>;

const Names elements{
    "a",      "abbr",       "b",       "bdo",     "blockquote", "br",     "caption", "cite",
    "code",   "dd",         "del",     "details", "dfn",        "div",    "dl",      "dt",
    "em",     "figcaption", "h1",      "h2",      "h3",         "h4",     "h5",      "h6",
    "hr",     "i",          "figure",  "img",     "ins",        "input",  "kbd",     "li",
    "mark",   "ol",         "p",       "picture", "pre",        "q",      "rp",      "rt",
    "ruby",   "s",          "samp",    "small",   "section",    "source", "span",    "strike",
    "strong", "sub",        "summary", "sup",     "table",      "tbody",  "td",      "tfoot",
    "th",     "thead",      "time",    "tr",      "tt",         "ul",     "var",     "wbr"};
const Names voids{"br", "hr", "img", "input", "source", "wbr"};
const Names attributes{"abbr",        "align",
                       "alt",         "aria-describedby",
                       "aria-hidden", "aria-label",
                       "axis",        "border",
                       "char",        "aria-labelledby",
                       "charoff",     "class",
                       "clear",       "cols",
                       "colspan",     "compact",
                       "datetime",    "dir",
                       "frame",       "headers",
                       "height",      "hreflang",
                       "hspace",      "id",
                       "itemprop",    "label",
                       "lang",        "media",
                       "name",        "noshade",
                       "nowrap",      "open",
                       "role",        "rows",
                       "rowspan",     "rules",
                       "scope",       "size",
                       "span",        "start",
                       "summary",     "title",
                       "type",        "valign",
                       "value",       "vspace",
                       "width"};
const std::map<std::string, Names, std::less<>> attributes_of{
    {"a", {"href", "rel", "data-footnote-ref", "data-footnote-backref"}},
    {"blockquote", {"cite"}},
    {"del", {"cite"}},
    {"div", {"itemscope", "itemtype"}},
    {"img", {"src", "longdesc", "loading"}},
    {"input", {"checked", "disabled"}},
    {"ins", {"cite"}},
    {"q", {"cite"}},
    {"section", {"data-footnotes"}},
    {"source", {"srcset"}}};
const Names classes{"anchor",
                    "contains-task-list",
                    "data-footnote-backref",
                    "footnotes",
                    "markdown-alert",
                    "markdown-alert-caution",
                    "markdown-alert-important",
                    "markdown-alert-note",
                    "markdown-alert-tip",
                    "markdown-alert-title",
                    "markdown-alert-warning",
                    "math-display",
                    "math-inline",
                    "sr-only",
                    "task-list-item",
                    "task-list-item-checkbox"};
// The parents without which a part of a table is none.
const std::map<std::string, Names, std::less<>> parents{{"caption", {"table"}},
                                                        {"thead", {"table"}},
                                                        {"tbody", {"table"}},
                                                        {"tfoot", {"table"}},
                                                        {"tr", {"thead", "tbody", "tfoot"}},
                                                        {"td", {"tr"}},
                                                        {"th", {"tr"}}};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

bool is_control(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) ||
         (c & 0xfffe) == 0xfffe || (c >= 0x202a && c <= 0x202e);
}

class Inspection {
 public:
  explicit Inspection(std::string_view html) : rest_(html) {}

  void run() {
    while (!rest_.empty()) {
      if (take("</")) end_tag();
      else if (take("<")) start_tag();
      else text();
    }
    if (!open_.empty()) fail("<" + open_.back() + "> is not closed");
  }

 private:
  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  void want(std::string_view expected) {
    if (!take(expected))
      fail("no '" + std::string(expected) + "' at '" + std::string(rest_.substr(0, 40)) + "'");
  }

  char32_t character() {
    const auto lead = static_cast<unsigned char>(rest_[0]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || length > rest_.size()) fail("no UTF-8");
    char32_t c = length == 1 ? lead : lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<unsigned char>(rest_[i]);
      if ((byte & 0xc0U) != 0x80) fail("no UTF-8");
      c = c << 6U | (byte & 0x3fU);
    }
    rest_.remove_prefix(length);
    return c;
  }

  // Appends the next character of text or of a value to `out`.
  void read_character(std::string& out) {
    if (take("&amp;")) out += '&';
    else if (take("&lt;")) out += '<';
    else if (take("&gt;")) out += '>';
    else if (take("&quot;")) out += '"';
    else if (rest_[0] == '&' || rest_[0] == '<' || rest_[0] == '>')
      fail("bare '" + std::string(rest_.substr(0, 20)) + "'");
    else {
      const auto before = rest_;
      const char32_t c = character();
      if (is_control(c)) fail("character " + std::to_string(static_cast<unsigned>(c)));
      out += before.substr(0, before.size() - rest_.size());
    }
  }

  void text() {
    std::string found;
    while (!rest_.empty() && rest_[0] != '<')
      read_character(found);
    const bool is_frame =
        !open_.empty() && Names{"table", "thead", "tbody", "tfoot", "tr"}.contains(open_.back());
    if (is_frame && found.find_first_not_of(" \n\t") != std::string::npos)
      fail("text in <" + open_.back() + ">");
  }

  std::string name() {
    std::size_t length = 0;
    while (length < rest_.size() &&
           ((rest_[length] >= 'a' && rest_[length] <= 'z') || rest_[length] == '-' ||
            (rest_[length] >= '0' && rest_[length] <= '9')))
      ++length;
    std::string found(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return found;
  }

  void end_tag() {
    const auto found = name();
    want(">");
    if (open_.empty() || open_.back() != found) fail("</" + found + "> out of place");
    open_.pop_back();
  }

  void start_tag() {
    const auto element = name();
    if (!elements.contains(element)) fail("<" + element + ">");
    check_place(element);
    std::map<std::string, std::string> found;
    while (take(" ")) {
      const auto attribute = name();
      want("=\"");
      std::string value;
      while (!rest_.empty() && rest_[0] != '"')
        read_character(value);
      want("\"");
      if (!found.emplace(attribute, value).second) fail(attribute + " twice");
      check_attribute(element, attribute, value);
    }
    want(">");
    check_whole(element, found);
    if (!voids.contains(element)) open_.push_back(element);
  }

  void check_place(const std::string& element) {
    const auto wanted = parents.find(element);
    if (wanted != parents.end() && (open_.empty() || !wanted->second.contains(open_.back())))
      fail("<" + element + "> in the wrong place");
    const auto is_open = [&](const char* name) { return std::ranges::count(open_, name) != 0; };
    if (element == "li" && !is_open("ul") && !is_open("ol")) fail("<li> without a list");
    for (const char* once : {"a", "p"}) {
      if (element != once) continue;
      // A cell or a caption begins anew.
      for (auto at = open_.rbegin(); at != open_.rend(); ++at) {
        if (*at == "td" || *at == "th" || *at == "caption") break;
        if (*at == once) fail("<" + element + "> in itself");
      }
    }
  }

  static std::string scheme(const std::string& url) {
    const auto end = url.find_first_of(":/?#");
    if (end == std::string::npos || url[end] != ':') return "";
    std::string found = url.substr(0, end);
    std::ranges::transform(found, found.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return found;
  }

  static void check_url(const std::string& url, const Names& schemes, bool may_be_a_place) {
    const auto found = scheme(url);
    if (schemes.contains(found)) return;
    const bool is_relative = found.empty() && (url.empty() || url[0] == '#');
    const bool is_other_host = url.starts_with("//") || url.starts_with("/\\") ||
                               url.starts_with("\\\\") || url.starts_with("\\/");
    if (!is_other_host && !(may_be_a_place && is_relative)) fail("URL '" + url + "'");
  }

  static void check_attribute(const std::string& element, const std::string& attribute,
                              const std::string& value) {
    const auto own = attributes_of.find(element);
    const bool is_own = own != attributes_of.end() && own->second.contains(attribute);
    if (!is_own && !attributes.contains(attribute)) fail(element + " " + attribute);
    if (attribute == "href") check_url(value, {"http", "https", "mailto"}, true);
    if (attribute == "src") check_url(value, {"http", "https"}, true);
    if (attribute == "cite" || attribute == "longdesc" || attribute == "itemtype")
      check_url(value, {"http", "https"}, false);
    if ((attribute == "id" || attribute == "name") && !value.starts_with("user-content-"))
      fail(attribute + " '" + value + "'");
    if (attribute == "class") check_classes(element, value);
    if (attribute == "rel" && value != "nofollow ugc noopener") fail("rel '" + value + "'");
  }

  static void check_classes(const std::string& element, std::string value) {
    value += ' ';
    for (std::size_t begin = 0; begin < value.size();) {
      const auto end = value.find(' ', begin);
      const auto one = value.substr(begin, end - begin);
      const bool is_language = one.starts_with("language-") && one.size() > 9 &&
                               one.size() <= 9 + 32 && (element == "code" || element == "pre");
      if (!is_language && !classes.contains(one)) fail("class '" + one + "'");
      begin = end + 1;
    }
  }

  static void check_whole(const std::string& element,
                          const std::map<std::string, std::string>& found) {
    const auto href = found.find("href");
    if (href != found.end() && !scheme(href->second).empty() && !found.contains("rel"))
      fail("a link to another site without rel");
    if (element == "input" && (!found.contains("disabled") || found.at("type") != "checkbox"))
      fail("<input> that is no checkbox of a task list");
  }

  std::string_view rest_;  // of the argument, which outlives this
  std::vector<std::string> open_;
};

}  // namespace

std::string problem_in_html(std::string_view html) {
  try {
    Inspection(html).run();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace devy::testing
