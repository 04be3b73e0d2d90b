#include "core/platform/web/html/template_rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/platform/base/ascii.hpp"
#include "core/platform/web/html/template_tokens.hpp"

namespace devy::html {
namespace {

// Browsers or htmx ask for these, follow them or send to them. ctemplate knows the first few alone.
constexpr auto url_attributes = std::to_array<std::string_view>(
    {"href", "src", "action", "cite", "formaction", "xlink:href", "poster", "data", "srcset",
     "ping", "background", "manifest", "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete",
     "hx-push-url", "hx-replace-url"});
// A page has no script and no style in it, and htmx is told none.
constexpr auto refused_attributes = std::to_array<std::string_view>(
    {"style", "srcdoc", "hx-vars", "hx-ext", "hx-request", "hx-disinherit", "hx-prompt"});
constexpr auto refused_elements =
    std::to_array<std::string_view>({"style", "base", "object", "embed", "applet", "frame"});
// It escapes the same characters as the default, and keeps line ends: for `pre` and `textarea`.
constexpr std::string_view line_keeping_modifier = "pre_escape";

template <std::size_t count>
bool is_among(std::string_view word, const std::array<std::string_view, count>& words) {
  return std::ranges::any_of(words, [&](auto other) { return base::is_same_word(word, other); });
}

class TemplateCheck {
 public:
  TemplateCheck(std::string_view file, std::string_view text) : file_(file), text_(text) {}

  TemplateNames run() {
    open_.push_back({"", TokenKind::marker_in_text, {}});
    for (const Token& token : template_tokens(file_, text_)) {
      line_ = token.line;
      if (token.kind == TokenKind::tag) check_tag(token);
      else if (token.kind == TokenKind::marker_in_attribute) add_value(token.marker.name);
      else check_marker(token);
    }
    if (open_.size() > 1) refuse("section " + std::string(open_.back().name) + " has no end");
    return std::move(open_.front().names);
  }

 private:
  struct Open {
    std::string_view name;
    TokenKind place;
    TemplateNames names;
  };

  [[noreturn]] void refuse(const std::string& rule) const { refuse_template(file_, line_, rule); }

  static bool is_url_name(std::string_view name) { return name == "URL" || name.ends_with("_URL"); }
  static bool is_seconds_name(std::string_view name) { return name.ends_with("SECONDS"); }

  void add_value(std::string_view name) {
    auto& values = open_.back().names.values;
    if (std::ranges::find(values, name) == values.end()) values.emplace_back(name);
  }

  void check_marker(const Token& token) {
    const Marker& marker = token.marker;
    switch (marker.kind) {
      case MarkerKind::section_begin: open_.push_back({marker.name, token.kind, {}}); break;
      case MarkerKind::section_end: end_section(token); break;
      case MarkerKind::include:
        if (token.kind == TokenKind::marker_in_tag) refuse("no template is included in a tag");
        open_.back().names.includes.emplace_back(marker.name);
        break;
      case MarkerKind::value:
        if (token.kind == TokenKind::marker_in_tag) refuse("a value stands in quotes, or in text");
        if (is_url_name(marker.name)) refuse("a URL stands in an attribute that is a URL");
        if (marker.modifier == line_keeping_modifier) {
          add_value(marker.name);
          return;
        }
        add_value(marker.name);
        break;
    }
    if (!marker.modifier.empty()) refuse("a modifier could switch escaping off");
  }

  void end_section(const Token& token) {
    if (open_.size() == 1 || open_.back().name != token.marker.name)
      refuse("section " + std::string(token.marker.name) + " ends where it has not begun");
    if (open_.back().place != token.kind)
      refuse("a section begins and ends in text, or in one tag");
    Open ended = std::move(open_.back());
    open_.pop_back();
    merge(open_.back().names.sections[std::string(ended.name)], ended.names);
  }

  // A template may show one section at several places.
  static void merge(TemplateNames& into, TemplateNames& from) {
    into.values.insert(into.values.end(), from.values.begin(), from.values.end());
    into.includes.insert(into.includes.end(), from.includes.begin(), from.includes.end());
    for (auto& [name, names] : from.sections)
      merge(into.sections[name], names);
  }

  void check_tag(const Token& tag) {
    if (is_among(tag.element, refused_elements)) refuse("no <" + std::string(tag.element) + ">");
    const auto has = [&](std::string_view name) {
      return std::ranges::any_of(tag.attributes,
                                 [&](auto& attribute) { return attribute.name == name; });
    };
    if (base::is_same_word(tag.element, "script") && !has("src"))
      refuse("a script comes from a file and holds nothing");
    if (base::is_same_word(tag.element, "iframe") && !has("sandbox"))
      refuse("an <iframe> has the attribute sandbox");
    for (const Attribute& attribute : tag.attributes) {
      check_attribute(tag, attribute);
      for (const Marker& marker : attribute.markers) {
        if (marker.kind != MarkerKind::value) refuse("an attribute's value holds no section");
        if (!marker.modifier.empty()) refuse("a modifier could switch escaping off");
      }
    }
  }

  void check_attribute(const Token& tag, const Attribute& attribute) {
    const auto name = base::to_lower(attribute.name);
    if (is_among(name, refused_attributes) || name.starts_with("on") || name.starts_with("hx-on") ||
        name.starts_with("data-hx-"))
      refuse("no script and no style in an attribute: " + name);
    const auto value = base::to_lower(attribute.value.substr(
        std::min(attribute.value.find_first_not_of(" \t\r\n"), attribute.value.size())));
    if (value.starts_with("js:") || value.starts_with("javascript:"))
      refuse("no script in an attribute: " + name);
    if (is_among(name, url_attributes)) {
      check_url(tag, attribute, value);
      return;
    }
    const bool has_url = std::ranges::any_of(attribute.markers,
                                             [](auto& marker) { return is_url_name(marker.name); });
    if (has_url) refuse("a URL stands in an attribute that is a URL, and " + name + " is none");
    if (base::is_same_word(tag.element, "meta") && !attribute.markers.empty())
      refuse("a <meta> holds no value");
    if (name.starts_with("hx-")) check_htmx(name, attribute);
  }

  // A URL is whole: a value behind "?q=" would not be percent-encoded.
  void check_url(const Token& tag, const Attribute& attribute, std::string_view value) const {
    if (!attribute.markers.empty()) {
      const Marker& marker = attribute.markers.front();
      if (attribute.markers.size() != 1 || !is_url_name(marker.name) ||
          attribute.value.size() != marker.name.size() + 4)
        refuse("a URL is one whole {{…_URL}}");
      return;
    }
    const bool is_icon = base::is_same_word(tag.element, "link") && value == "data:,";
    const bool is_switch =
        attribute.name.ends_with("-url") && (value == "true" || value == "false");
    const bool is_own = value.empty() || value.starts_with('#') ||
                        (value.starts_with('/') && !value.starts_with("//"));
    if (!is_icon && !is_switch && !is_own && !value.starts_with("https://"))
      refuse("a URL is a path, #place or https, or one whole {{…_URL}}");
  }

  void check_htmx(std::string_view name, const Attribute& attribute) const {
    // Without eval htmx leaves a filter out and asks all the same.
    if (name == "hx-trigger" && attribute.value.find('[') != std::string_view::npos)
      refuse("no filter in hx-trigger");
    for (const Marker& marker : attribute.markers) {
      if (name == "hx-trigger" && is_seconds_name(marker.name)) continue;
      if (name == "hx-headers" && marker.name == "CSRF") continue;
      refuse("htmx reads " + std::string(name) + " as more than text, so it holds no value");
    }
  }

  std::string_view file_, text_;
  std::size_t line_ = 1;
  std::vector<Open> open_;
};

}  // namespace

TemplateNames check_template(std::string_view file, std::string_view text) {
  return TemplateCheck(file, text).run();
}

}  // namespace devy::html
