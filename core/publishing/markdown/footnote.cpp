#include "core/publishing/markdown/footnote.hpp"

#include <cmark-gfm/node.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/percent.hpp"
#include "core/publishing/markdown/cmark_iterator.hpp"

namespace devy::markdown {
namespace {

// FNV-1a: an id should be short, and nobody gains anything by making two posts collide.
std::string suffix_of(std::string_view path) {
  std::uint32_t hash = 2166136261U;
  for (const char byte : path) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 16777619U;
  }
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16).ptr;
  return "-" + std::string(digits.data(), end);
}

// As GitHub does: an id and a fragment that need no escape in either place.
std::string percent_encoded(std::string_view label) {
  std::string out;
  for (const char byte : label) {
    if (base::is_letter_or_digit(byte) || byte == '-' || byte == '_' || byte == '.') out += byte;
    else base::append_percent_encoded(out, byte);
  }
  return out;
}

// The public interface does not say what a note is called; the tree's own header does.
std::string label_of(const cmark_node* definition) {
  const auto& label = definition->as.literal;
  return percent_encoded(
      {reinterpret_cast<const char*>(label.data), static_cast<std::size_t>(label.len)});
}

struct Note {
  cmark_node* definition = nullptr;
  std::string label;
  std::vector<std::string> references = {};  // the ids of the places that name it
};

// The definitions are the last children of the document, in the order of their numbers.
std::vector<Note> find_notes(cmark_node* root) {
  cmark_node* node = cmark_node_last_child(root);
  std::vector<Note> notes;
  for (; node != nullptr && cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_DEFINITION;
       node = cmark_node_previous(node))
    notes.push_back({node, label_of(node)});
  return {notes.rbegin(), notes.rend()};
}

// Returns the number that cmark has put in place of a reference's label; 0 when the node is no
// reference of ours.
std::size_t number_of(cmark_node* reference) {
  const char* literal = cmark_node_get_literal(reference);
  const std::string_view text = literal == nullptr ? "" : literal;
  std::size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// `count` distinguishes a note's references; the first needs no number of its own.
std::string link_back(const std::string& id, std::size_t number, std::size_t count) {
  const auto again = count == 1 ? "" : "-" + std::to_string(count);
  return " <a href=\"#" + id + "\" data-footnote-backref aria-label=\"Back to reference " +
         std::to_string(number) + again + "\" class=\"data-footnote-backref\">↩" +
         (count == 1 ? "" : "<sup>" + std::to_string(count) + "</sup>") + "</a>";
}

class Footnotes {
 public:
  Footnotes(std::vector<Note> notes, std::string suffix, std::deque<NodeHtml>& html)
      : notes_(std::move(notes)), suffix_(std::move(suffix)), html_(html) {
    for (const auto& note : notes_)
      names_.insert(note.label);
  }

  void write_reference(cmark_node* node) {
    const auto number = number_of(node);
    if (number == 0 || number > notes_.size()) return;
    Note& note = notes_[number - 1];
    const auto& id = note.references.emplace_back(next_id(note));
    write_as(node, html_.emplace_back(
                       NodeHtml{"<sup><a href=\"#fn-" + note.label + suffix_ + "\" id=\"" + id +
                                    "\" data-footnote-ref aria-describedby=\"footnote-label" +
                                    suffix_ + "\">" + std::to_string(number) + "</a></sup>",
                                ""}));
  }

  void write_section() {
    for (std::size_t number = 1; number <= notes_.size(); ++number) {
      const Note& note = notes_[number - 1];
      NodeHtml& item = html_.emplace_back();
      if (number == 1)
        item.open = "<section data-footnotes class=\"footnotes\"><h2 id=\"footnote-label" +
                    suffix_ + "\" class=\"sr-only\">Footnotes</h2>\n<ol>\n";
      item.open += "<li id=\"fn-" + note.label + suffix_ + "\">\n";
      cmark_node* last = cmark_node_last_child(note.definition);
      if (last != nullptr && cmark_node_get_type(last) == CMARK_NODE_PARAGRAPH)
        write_as(last, html_.emplace_back(NodeHtml{"<p>", links_back(number) + "</p>\n"}));
      else item.close = links_back(number) + "\n";
      item.close += "</li>\n";
      if (number == notes_.size()) item.close += "</ol>\n</section>\n";
      write_as(note.definition, item);
    }
  }

 private:
  // "fnref-1", "fnref-1-2" for the second place that names the note: but another may be called so.
  std::string next_id(const Note& note) {
    auto name = note.label;
    if (!note.references.empty()) {
      const auto ending = "-" + std::to_string(note.references.size() + 1);
      do
        name += ending;
      while (!names_.insert(name).second);
    }
    return "fnref-" + name + suffix_;
  }

  [[nodiscard]] std::string links_back(std::size_t number) const {
    std::string html;
    std::size_t count = 0;
    for (const auto& id : notes_[number - 1].references)
      html += link_back(id, number, ++count);
    return html;
  }

  std::vector<Note> notes_;
  std::unordered_set<std::string> names_;  // in use
  std::string suffix_;
  std::deque<NodeHtml>& html_;
};

}  // namespace

void write_footnotes(cmark_node* root, std::string_view path, std::deque<NodeHtml>& html) {
  auto notes = find_notes(root);
  if (notes.empty()) return;
  Footnotes footnotes(std::move(notes), suffix_of(path), html);
  int images = 0;  // an image's text becomes an attribute: nothing there links
  const Iterator iterator(cmark_iter_new(root));
  for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iterator.get())) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    const auto type = cmark_node_get_type(node);
    const bool enters = event == CMARK_EVENT_ENTER;
    if (type == CMARK_NODE_IMAGE) images += enters ? 1 : -1;
    if (type == CMARK_NODE_FOOTNOTE_REFERENCE && enters && images == 0)
      footnotes.write_reference(node);
  }
  footnotes.write_section();
}

}  // namespace devy::markdown
