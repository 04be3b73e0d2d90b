#include "core/publishing/markdown/title_heading.hpp"

#include <cmark-gfm/node.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/cmark_iterator.hpp"
#include "core/publishing/markdown/emoji.hpp"
#include "core/publishing/markdown/html_tag.hpp"
#include "core/publishing/markdown/unicode.hpp"

namespace devy::markdown {
namespace {

// Letters of one case, without space; so "Foo  Bar" is "foo bar", and a line break is none.
std::string bare(std::string_view text) {
  const auto emoji = with_emoji(text);
  const std::string normal = normalize_nfc(emoji ? std::string_view(*emoji) : text);
  std::string_view rest = normal;
  std::string out;
  while (!rest.empty()) {
    const char32_t character = read_character(rest);
    constexpr char32_t no_break_space = 0xa0;
    if (character <= ' ' || character == no_break_space) continue;
    append_character(out, to_lower(character));
  }
  return out;
}

// Keeps the tags that somebody sees or jumps to; those that only make words bold go with the words.
bool is_worth_keeping(std::string_view html) {
  constexpr std::array<std::string_view, 4> elements{"a", "img", "picture", "source"};
  std::string_view rest = html;
  const auto tag = read_tag(rest);
  if (!tag) return false;
  if (std::ranges::find(elements, base::to_lower(tag->name)) != elements.end()) return true;
  const auto attributes = base::to_lower(html);
  return attributes.find(" id=") != std::string::npos ||
         attributes.find(" name=") != std::string::npos;
}

bool is_html(cmark_node* node) {
  return cmark_node_get_type(node) == CMARK_NODE_HTML_INLINE;
}

std::string_view literal_of(cmark_node* node) {
  const char* literal = cmark_node_get_literal(node);
  return literal == nullptr ? "" : literal;
}

// Finds the nodes that are nothing but words. Words of a link, in Markdown's form or HTML's, stay:
// nobody could follow it without.
class WordFinder {
 public:
  explicit WordFinder(bool keeps_html) : keeps_html_(keeps_html) {}

  void visit(cmark_node* node, cmark_event_type event) {
    const auto type = cmark_node_get_type(node);
    const bool enters = event == CMARK_EVENT_ENTER;
    if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) kept_depth_ += enters ? 1 : -1;
    if (is_html(node)) return visit_html(node);
    if (kept_depth_ > 0 || html_links_ > 0) return;
    if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE || type == CMARK_NODE_SOFTBREAK ||
        type == CMARK_NODE_LINEBREAK)
      words_.push_back(node);
    // Emphasis and the like, once they have lost everything in them.
    if (!enters && type != CMARK_NODE_HEADING && type != CMARK_NODE_LINK &&
        type != CMARK_NODE_IMAGE && type != CMARK_NODE_FOOTNOTE_REFERENCE)
      wrappers_.push_back(node);
  }

  void remove() {
    for (cmark_node* node : words_)
      cmark_node_free(node);
    for (cmark_node* node : wrappers_)
      if (cmark_node_first_child(node) == nullptr) cmark_node_free(node);
  }

 private:
  void visit_html(cmark_node* node) {
    const auto html = base::to_lower(literal_of(node));
    if (!keeps_html_) return words_.push_back(node);
    if (html.starts_with("<a ") || html.starts_with("<a\n"))
      html_links_ += html.find("href") != std::string::npos ? 1 : 0;
    if (html.starts_with("</a")) html_links_ = 0;
  }

  bool keeps_html_;
  int kept_depth_ = 0, html_links_ = 0;
  std::vector<cmark_node*> words_, wrappers_;
};

// The words that went had space around them.
void separate(cmark_node* heading) {
  cmark_node* next = nullptr;
  for (cmark_node* node = cmark_node_first_child(heading); node != nullptr; node = next) {
    next = cmark_node_next(node);
    if (next == nullptr || is_html(node) || is_html(next)) continue;
    cmark_node* space = cmark_node_new_with_mem(CMARK_NODE_TEXT, heading->content.mem);
    cmark_node_set_literal(space, " ");
    cmark_node_insert_after(node, space);
  }
}

bool has_html_to_keep(cmark_node* heading) {
  const Iterator iterator(cmark_iter_new(heading));
  for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iterator.get())) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    if (event == CMARK_EVENT_ENTER && is_html(node) && is_worth_keeping(literal_of(node)))
      return true;
  }
  return false;
}

}  // namespace

bool is_same_title(std::string_view heading, std::string_view title) {
  return bare(heading) == bare(title);
}

NodeHtml remove_words(cmark_node* heading) {
  WordFinder finder(has_html_to_keep(heading));
  {
    const Iterator iterator(cmark_iter_new(heading));
    for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iterator.get()))
      finder.visit(cmark_iter_get_node(iterator.get()), event);
  }
  finder.remove();
  if (cmark_node_first_child(heading) == nullptr) return {};
  separate(heading);
  return {"<p>", "</p>\n"};
}

}  // namespace devy::markdown
