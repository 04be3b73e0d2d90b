#include "core/publishing/markdown/sanitise_policy.hpp"

#include <algorithm>
#include <array>

#include "core/platform/base/ascii.hpp"

namespace devy::markdown {
namespace {

struct Rule {
  std::string_view attribute;
  AttributeKind kind;
};

// On every element.
constexpr std::array global_rules{
    Rule{"abbr", AttributeKind::text},
    Rule{"align", AttributeKind::text},
    Rule{"alt", AttributeKind::text},
    Rule{"aria-describedby", AttributeKind::identifiers},
    Rule{"aria-hidden", AttributeKind::text},
    Rule{"aria-label", AttributeKind::text},
    Rule{"aria-labelledby", AttributeKind::identifiers},
    Rule{"axis", AttributeKind::text},
    Rule{"border", AttributeKind::text},
    Rule{"char", AttributeKind::text},
    Rule{"charoff", AttributeKind::text},
    Rule{"class", AttributeKind::classes},
    Rule{"clear", AttributeKind::text},
    Rule{"cols", AttributeKind::text},
    Rule{"colspan", AttributeKind::text},
    Rule{"compact", AttributeKind::empty},
    Rule{"datetime", AttributeKind::text},
    Rule{"dir", AttributeKind::text},
    Rule{"frame", AttributeKind::text},
    Rule{"headers", AttributeKind::identifiers},
    Rule{"height", AttributeKind::text},
    Rule{"hreflang", AttributeKind::text},
    Rule{"hspace", AttributeKind::text},
    Rule{"id", AttributeKind::identifier},
    Rule{"itemprop", AttributeKind::text},
    Rule{"label", AttributeKind::text},
    Rule{"lang", AttributeKind::text},
    Rule{"media", AttributeKind::text},
    Rule{"name", AttributeKind::identifier},
    Rule{"noshade", AttributeKind::empty},
    Rule{"nowrap", AttributeKind::empty},
    Rule{"open", AttributeKind::empty},
    Rule{"role", AttributeKind::text},
    Rule{"rows", AttributeKind::text},
    Rule{"rowspan", AttributeKind::text},
    Rule{"rules", AttributeKind::text},
    Rule{"scope", AttributeKind::text},
    Rule{"size", AttributeKind::text},
    Rule{"span", AttributeKind::text},
    Rule{"start", AttributeKind::text},
    Rule{"summary", AttributeKind::text},
    Rule{"title", AttributeKind::text},
    Rule{"type", AttributeKind::text},
    Rule{"valign", AttributeKind::text},
    Rule{"value", AttributeKind::text},
    Rule{"vspace", AttributeKind::text},
    Rule{"width", AttributeKind::text},
};
static_assert(std::ranges::is_sorted(global_rules, {}, &Rule::attribute));

struct ElementRule {
  Element element;
  Rule rule;
};

constexpr std::array element_rules{
    ElementRule{Element::a, {"href", AttributeKind::page_link}},
    ElementRule{Element::a, {"data-footnote-ref", AttributeKind::empty}},
    ElementRule{Element::a, {"data-footnote-backref", AttributeKind::empty}},
    ElementRule{Element::blockquote, {"cite", AttributeKind::reference}},
    ElementRule{Element::del, {"cite", AttributeKind::reference}},
    ElementRule{Element::div, {"itemscope", AttributeKind::empty}},
    ElementRule{Element::div, {"itemtype", AttributeKind::reference}},
    ElementRule{Element::img, {"loading", AttributeKind::text}},
    ElementRule{Element::img, {"longdesc", AttributeKind::reference}},
    ElementRule{Element::img, {"src", AttributeKind::resource}},
    ElementRule{Element::ins, {"cite", AttributeKind::reference}},
    ElementRule{Element::q, {"cite", AttributeKind::reference}},
    ElementRule{Element::section, {"data-footnotes", AttributeKind::empty}},
    ElementRule{Element::source, {"srcset", AttributeKind::resource_set}},
};

struct ClassRule {
  Element element;
  std::string_view name;
};

constexpr std::array class_rules{
    ClassRule{Element::a, "anchor"},
    ClassRule{Element::a, "data-footnote-backref"},
    ClassRule{Element::div, "markdown-alert"},
    ClassRule{Element::div, "markdown-alert-caution"},
    ClassRule{Element::div, "markdown-alert-important"},
    ClassRule{Element::div, "markdown-alert-note"},
    ClassRule{Element::div, "markdown-alert-tip"},
    ClassRule{Element::div, "markdown-alert-warning"},
    ClassRule{Element::h2, "sr-only"},
    ClassRule{Element::li, "task-list-item"},
    ClassRule{Element::ol, "contains-task-list"},
    ClassRule{Element::p, "markdown-alert-title"},
    ClassRule{Element::section, "footnotes"},
    ClassRule{Element::ul, "contains-task-list"},
};

constexpr std::array math_class_rules{
    ClassRule{Element::code, "language-math"}, ClassRule{Element::code, "language-mermaid"},
    ClassRule{Element::div, "math-display"},   ClassRule{Element::span, "math-display"},
    ClassRule{Element::span, "math-inline"},
};

// The language of a code block, as reliability.md limits it.
bool is_language_class(std::string_view name) {
  constexpr std::string_view prefix = "language-";
  constexpr std::size_t language_bytes_max = 32;
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  return !name.empty() && name.size() <= language_bytes_max &&
         std::ranges::all_of(name, [](char c) {
           return base::is_letter_or_digit(c) || c == '+' || c == '#' || c == '-';
         });
}

}  // namespace

AttributeKind kind_of(Element element, std::string_view attribute) {
  // A task list's checkbox is written as a whole (sanitise.cpp).
  if (element == Element::input) return AttributeKind::dropped;
  for (const auto& [of, rule] : element_rules) {
    if (of == element && rule.attribute == attribute) return rule.kind;
  }
  const auto found = std::ranges::lower_bound(global_rules, attribute, {}, &Rule::attribute);
  if (found == global_rules.end() || found->attribute != attribute) return AttributeKind::dropped;
  return found->kind;
}

bool is_math_class(Element element, std::string_view name) {
  const auto lower = base::to_lower(name);
  return std::ranges::any_of(math_class_rules, [&](const ClassRule& rule) {
    return rule.element == element && rule.name == lower;
  });
}

bool is_listed_class(Element element, std::string_view name) {
  if (element == Element::code) return is_language_class(name) && !is_math_class(element, name);
  if (element == Element::pre) return is_language_class(name);
  return std::ranges::any_of(class_rules, [&](const ClassRule& rule) {
    return rule.element == element && rule.name == name;
  });
}

}  // namespace devy::markdown
