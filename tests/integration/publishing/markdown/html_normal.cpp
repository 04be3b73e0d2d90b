#include "tests/integration/publishing/markdown/html_normal.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <set>

namespace devy::testing {
namespace {

constexpr std::string_view blanks = " \t\n\r\f";

bool is_blank(char byte) {
  return blanks.find(byte) != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char byte) { return std::tolower(byte); });
  return out;
}

std::string decoded(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> references{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}}};
  std::string out;
  while (!text.empty()) {
    const auto found = std::ranges::find_if(
        references, [&](const auto& reference) { return text.starts_with(reference.first); });
    out += found == references.end() ? text.front() : found->second;
    text.remove_prefix(found == references.end() ? 1 : found->first.size());
  }
  return out;
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    if (byte == '&') out += "&amp;";
    else if (byte == '<') out += "&lt;";
    else if (byte == '>') out += "&gt;";
    else if (byte == '"') out += "&quot;";
    else out += byte;
  }
  return out;
}

bool is_block(const std::string& name) {
  static const std::set<std::string> blocks{
      "article",  "header", "aside",    "hgroup",   "blockquote", "hr",         "iframe",
      "body",     "li",     "map",      "button",   "object",     "canvas",     "ol",
      "caption",  "output", "col",      "p",        "colgroup",   "pre",        "dd",
      "progress", "div",    "section",  "dl",       "table",      "td",         "dt",
      "tbody",    "embed",  "textarea", "fieldset", "tfoot",      "figcaption", "th",
      "figure",   "thead",  "footer",   "tr",       "form",       "ul",         "h1",
      "h2",       "h3",     "h4",       "h5",       "h6",         "video",      "script",
      "style"};
  return blocks.contains(name);
}

struct Tag {
  std::string name;
  bool is_end = false;
  std::map<std::string, std::string> attributes;
};

// A tag at the front of `html`, taken off it; nothing when it is only a '<' in the text.
std::optional<Tag> read_tag(std::string_view& html) {
  auto rest = html.substr(1);
  Tag tag;
  if (rest.starts_with('/')) {
    tag.is_end = true;
    rest.remove_prefix(1);
  }
  const auto skip_blanks = [&] {
    rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
  };
  const auto read_until = [&](std::string_view ends) {
    const auto text = rest.substr(0, rest.find_first_of(ends));
    rest.remove_prefix(text.size());
    return text;
  };
  if (rest.empty() || std::isalpha(static_cast<unsigned char>(rest.front())) == 0)
    return std::nullopt;
  tag.name = lower(read_until(" \t\n\r\f/>"));
  while (true) {
    skip_blanks();
    if (rest.empty()) return std::nullopt;
    if (rest.front() == '>') break;
    if (rest.front() == '/') {
      rest.remove_prefix(1);
      continue;
    }
    const auto name = lower(read_until(" \t\n\r\f=/>"));
    skip_blanks();
    std::string value;
    if (rest.starts_with('=')) {
      rest.remove_prefix(1);
      skip_blanks();
      if (rest.empty()) return std::nullopt;
      const char quote = rest.front();
      if (quote == '"' || quote == '\'') {
        rest.remove_prefix(1);
        value = read_until(std::string_view(&quote, 1));
        if (rest.empty()) return std::nullopt;
        rest.remove_prefix(1);
      } else {
        value = read_until(" \t\n\r\f>");
      }
    }
    tag.attributes.try_emplace(name, decoded(value));
  }
  rest.remove_prefix(1);
  html = rest;
  return tag;
}

// "<!--…-->", "<?…?>", "<![CDATA[…]]>" or "<!…>" at the front of `html`, taken off it.
bool skip_invisible(std::string_view& html) {
  for (const std::string_view empty : {"<!-->", "<!--->"}) {
    if (!html.starts_with(empty)) continue;
    html.remove_prefix(empty.size());
    return true;
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> constructs{
      {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}}};
  for (const auto& [begin, end] : constructs) {
    if (!html.starts_with(begin)) continue;
    const auto at = html.find(end, begin.size());
    if (at == std::string_view::npos) return false;
    html.remove_prefix(at + end.size());
    return true;
  }
  return false;
}

// Empty when a URL has none.
std::string scheme_of(const std::string& url) {
  const auto end = url.find(':');
  if (end == std::string::npos || std::isalpha(static_cast<unsigned char>(url[0])) == 0) return "";
  const auto scheme = lower(std::string_view(url).substr(0, end));
  const bool is_scheme = std::ranges::all_of(scheme, [](unsigned char byte) {
    return std::isalnum(byte) != 0 || byte == '+' || byte == '-' || byte == '.';
  });
  return is_scheme ? scheme : "";
}

// See sanitised_normal_form().
void sanitise_url(Tag& tag, const std::string& attribute) {
  const auto found = tag.attributes.find(attribute);
  if (found == tag.attributes.end()) return;
  std::string& url = found->second;
  const auto scheme = scheme_of(url);
  const bool is_link = attribute == "href";
  const bool is_web = scheme == "http" || scheme == "https" || url.starts_with("//");
  const auto hash = std::min(url.find('#'), url.size());
  if (is_web || (is_link && scheme == "mailto")) {
    if (is_link) tag.attributes["rel"] = "nofollow ugc noopener";
  } else if (!scheme.empty() || url.empty() || url.starts_with('?') || (!is_link && hash == 0)) {
    tag.attributes.erase(found);
  } else {
    url = hash + 1 < url.size() ? "#user-content-" + url.substr(hash + 1) : "";
  }
}

class Normaliser {
 public:
  explicit Normaliser(bool sanitises) : sanitises_(sanitises) {}

  std::string run(std::string_view html) {
    while (!html.empty()) {
      if (html.front() == '<') {
        if (sanitises_ && skip_invisible(html)) continue;
        if (auto tag = read_tag(html)) {
          add_tag(std::move(*tag));
          continue;
        }
      }
      const auto text = html.substr(0, html.find('<', 1));
      add_text(decoded(text));
      html.remove_prefix(text.size());
    }
    trim();
    return out_;
  }

 private:
  void trim() {
    if (is_in_pre_) return;
    while (!out_.empty() && is_blank(out_.back()))
      out_.pop_back();
  }

  void add_text(const std::string& text) {
    if (is_in_pre_) {
      out_ += encoded(text);
      return;
    }
    std::string plain;
    for (const char byte : text) {
      const bool follows_blank = plain.empty() ? wants_no_blank() : plain.back() == ' ';
      if (!is_blank(byte)) plain += byte;
      else if (!follows_blank) plain += ' ';
    }
    out_ += encoded(plain);
    if (!plain.empty()) ends_with_block_ = false;
  }

  // At the beginning, after a blank, and beside the tag of a block, where it shows nothing.
  [[nodiscard]] bool wants_no_blank() const {
    return out_.empty() || is_blank(out_.back()) || ends_with_block_;
  }

  void add_tag(Tag tag) {
    const bool is_heading = tag.name.size() == 2 && tag.name[0] == 'h' && tag.name[1] != 'r';
    if (is_heading && tag.attributes["id"].starts_with("user-content-")) tag.attributes.erase("id");
    if (is_heading && tag.attributes["id"].empty()) tag.attributes.erase("id");
    if (sanitises_ && tag.name == "a") sanitise_url(tag, "href");
    if (sanitises_ && tag.name == "img") sanitise_url(tag, "src");
    ends_with_block_ = is_block(tag.name) || tag.name == "br";
    if (is_block(tag.name)) trim();
    out_ += (tag.is_end ? "</" : "<") + tag.name;
    for (const auto& [name, value] : tag.attributes)
      out_ += " " + name + "=\"" + encoded(value) + "\"";
    out_ += ">";
    if (tag.name == "pre") is_in_pre_ = !tag.is_end;
  }

  bool sanitises_;
  bool is_in_pre_ = false, ends_with_block_ = false;
  std::string out_;
};

}  // namespace

std::string normal_form(std::string_view html) {
  return Normaliser(false).run(html);
}

std::string sanitised_normal_form(std::string_view html) {
  return Normaliser(true).run(html);
}

}  // namespace devy::testing
