#include "core/publishing/markdown/render.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>

#include "core/publishing/markdown/alert.hpp"
#include "core/publishing/markdown/arena.hpp"
#include "core/publishing/markdown/cmark_iterator.hpp"
#include "core/publishing/markdown/emoji.hpp"
#include "core/publishing/markdown/footnote.hpp"
#include "core/publishing/markdown/heading_id.hpp"
#include "core/publishing/markdown/link_url.hpp"
#include "core/publishing/markdown/math.hpp"
#include "core/publishing/markdown/node_html.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/markdown/source_positions.hpp"
#include "core/publishing/markdown/task_list.hpp"
#include "core/publishing/markdown/title_heading.hpp"

namespace devy::markdown {
namespace {

// The sanitiser decides about raw HTML.
constexpr int options = CMARK_OPT_FOOTNOTES | CMARK_OPT_UNSAFE;
constexpr std::size_t summary_characters_max = 300;
constexpr std::size_t title_characters_max = 500;

// cmark's allocator functions get only sizes, so they cannot be given an arena of their own.
constexpr std::size_t chunk_bytes = 262'144;
thread_local Arena arena(chunk_bytes);

void* allocate(std::size_t count, std::size_t size) {
  const bool is_too_much = size != 0 && count > SIZE_MAX / size;
  return arena.allocate_or_exit(is_too_much ? SIZE_MAX : count * size);
}

void* reallocate(void* old, std::size_t size) {
  return arena.reallocate_or_exit(old, size);
}

void release(void* piece) {
  arena.release(piece);
}

cmark_mem& memory() {
  static cmark_mem functions{allocate, reallocate, release};
  return functions;
}

// While it lives, so do cmark's parser, tree and text; none of them is freed separately.
class CmarkMemory {
 public:
  CmarkMemory() = default;
  CmarkMemory(const CmarkMemory&) = delete;
  CmarkMemory& operator=(const CmarkMemory&) = delete;
  ~CmarkMemory() { arena.clear(); }
};

// The registry is the whole process's and never changes after its first use.
const std::array<cmark_syntax_extension*, 6>& extensions() {
  static const auto found = [] {
    cmark_gfm_core_extensions_ensure_registered();
    // Formulas first: to a table every line below it is a row.
    return std::array{math_extension(),
                      cmark_find_syntax_extension("table"),
                      cmark_find_syntax_extension("strikethrough"),
                      cmark_find_syntax_extension("autolink"),
                      cmark_find_syntax_extension("tasklist"),
                      cmark_find_syntax_extension("tagfilter")};
  }();
  return found;
}

enum class TextOf { reading, heading_id };

// For display, line breaks are spaces and emoji are characters. GitHub's ids, however, are made of
// the HTML's text nodes before emoji are replaced, which include a footnote's number.
std::string text_of(cmark_node* root, TextOf use) {
  std::string text;
  int images = 0;
  const Iterator iterator(cmark_iter_new(root));
  for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iterator.get())) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    const auto type = cmark_node_get_type(node);
    if (type == CMARK_NODE_IMAGE) images += event == CMARK_EVENT_ENTER ? 1 : -1;
    if (images > 0 || event != CMARK_EVENT_ENTER) continue;
    const bool is_reading = use == TextOf::reading;
    const bool has_text = type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ||
                          (type == CMARK_NODE_FOOTNOTE_REFERENCE && !is_reading);
    const char* literal = has_text ? cmark_node_get_literal(node) : nullptr;
    if (literal != nullptr) {
      const auto emoji = is_reading && type == CMARK_NODE_TEXT ? with_emoji(literal) : std::nullopt;
      text += emoji ? *emoji : literal;
    } else if (is_reading && (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)) {
      text += ' ';
    }
  }
  // cmark writes U+FFFE and U+FFFF, which only a reference can name, as these bytes.
  std::erase_if(text, [](char byte) { return byte == '\xfe' || byte == '\xff'; });
  return text;
}

Place place_of(cmark_node* node) {
  return {static_cast<std::uint32_t>(std::max(cmark_node_get_start_line(node), 1)),
          static_cast<std::uint32_t>(std::max(cmark_node_get_start_column(node), 1))};
}

bool is_top_level(cmark_node* node) {
  cmark_node* parent = cmark_node_parent(node);
  return parent != nullptr && cmark_node_get_type(parent) == CMARK_NODE_DOCUMENT;
}

// "rust,ignore" and "js{1,3}" are Rust and JavaScript with words for other programs.
void cut_language(cmark_node* code) {
  const std::string_view info = cmark_node_get_fence_info(code);
  const auto end = info.find_first_of(",{: \t");
  if (end == 0 || end == std::string_view::npos) return;
  cmark_node_set_fence_info(code, std::string(info.substr(0, end)).c_str());
}

NodeHtml heading_html(int level, const std::string& id) {
  const auto tag = "h" + std::to_string(level);
  // An id has nothing in it that HTML would escape.
  return {"<" + tag + " id=\"" + id + "\">", "</" + tag + ">\n"};
}

cmark_node* parse(std::string_view markdown, cmark_llist** extensions_used = nullptr) {
  cmark_parser* parser = cmark_parser_new_with_mem(options, &memory());
  for (auto* extension : extensions())
    cmark_parser_attach_syntax_extension(parser, extension);
  cmark_parser_feed(parser, markdown.data(), markdown.size());
  cmark_node* root = cmark_parser_finish(parser);
  if (extensions_used != nullptr) *extensions_used = cmark_parser_get_syntax_extensions(parser);
  return root;
}

// A title from front matter may have mark-up in it, as the heading has.
bool says_title(const std::string& heading, std::string_view written) {
  constexpr std::size_t marked_up_bytes_max = 4'096;
  if (is_same_title(heading, written)) return true;
  return written.size() <= marked_up_bytes_max &&
         is_same_title(heading, text_of(parse(written), TextOf::reading));
}

// Walks the tree once: notes headings, the first paragraph and where files are named.
class Body {
 public:
  Body(cmark_node* root, SourcePositions& positions, std::string_view markdown)
      : root_(root), positions_(positions), markdown_(markdown) {}

  void walk() {
    const Iterator iterator(cmark_iter_new(root_));
    for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iterator.get())) {
      cmark_node* node = cmark_iter_get_node(iterator.get());
      const auto type = cmark_node_get_type(node);
      if (event == CMARK_EVENT_ENTER) visit(node);
      if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) visit_link(node, event);
    }
  }

  // Gives each heading its id, as if the one that becomes the title were still there.
  void name_headings(const TitleRule& rule, RenderedBody& body) {
    HeadingIds ids;
    bool is_title_due = rule.is_taken || !rule.written.empty();
    for (cmark_node* heading : headings_) {
      std::string id = ids.next(text_of(heading, TextOf::heading_id));
      std::string text = plain_text(text_of(heading, TextOf::reading));
      const int level = cmark_node_get_heading_level(heading);
      if (is_title_due && level == 1 && !text.empty() && is_top_level(heading)) {
        is_title_due = false;
        if (rule.is_taken || says_title(text, rule.written)) {
          remove_title(heading, rule, id, text, body);
          continue;
        }
      }
      if (id.empty()) continue;
      write_as(heading, html_.emplace_back(heading_html(level, id)));
      body.headings.push_back({level, std::string(id_prefix) + id, std::move(text)});
    }
  }

  // This runs after the walk, because these steps free nodes or need to know which were freed.
  void rewrite(std::string_view path) {
    for (cmark_node* quote : quotes_)
      make_alert(quote);
    write_footnotes(root_, path, html_);
  }

  [[nodiscard]] std::string read_summary() { return std::move(summary_); }
  // Empty when there is no formula.
  [[nodiscard]] std::string_view math_attribute() const {
    return mark_ ? std::string_view(mark_->attribute()) : std::string_view();
  }

 private:
  void remove_title(cmark_node* heading, const TitleRule& rule, const std::string& id,
                    const std::string& text, RenderedBody& body) {
    if (rule.is_taken) body.title = shorten(text, title_characters_max);
    if (!id.empty()) body.title_id = std::string(id_prefix) + id;
    write_as(heading, html_.emplace_back(remove_words(heading)));
  }

  void visit(cmark_node* node) {
    const auto type = cmark_node_get_type(node);
    if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
      ++line_breaks_;
    } else if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
      const char* html = cmark_node_get_literal(node);
      if (html != nullptr) positions_.add_html(html, place_of(node));
    } else if (type == CMARK_NODE_HEADING) {
      headings_.push_back(node);
    } else if (type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_CODE) {
      visit_code(node);
    } else if (type == CMARK_NODE_BLOCK_QUOTE && is_top_level(node)) {
      quotes_.push_back(node);
    } else if (type == CMARK_NODE_ITEM) {
      mark_task(node, html_);
    } else if (type == CMARK_NODE_PARAGRAPH && summary_.empty() && is_top_level(node)) {
      summary_ = shorten(plain_text(text_of(node, TextOf::reading)), summary_characters_max);
    }
  }

  void visit_code(cmark_node* code) {
    if (cmark_node_get_type(code) == CMARK_NODE_CODE_BLOCK) cut_language(code);
    if (!is_math(code)) return;
    if (!mark_) mark_.emplace(markdown_);
    write_math(code, *mark_, html_);
  }

  // For a link that spans several lines, cmark reports its last line.
  // It comes before what is in it, as in the HTML, which has no links of an image's text.
  void visit_link(cmark_node* link, cmark_event_type event) {
    const bool is_image = cmark_node_get_type(link) == CMARK_NODE_IMAGE;
    if (event == CMARK_EVENT_ENTER) {
      const char* url = images_ == 0 ? cmark_node_get_url(link) : nullptr;
      open_links_.push_back({line_breaks_, url == nullptr ? nullptr : positions_.reserve(url)});
      images_ += is_image ? 1 : 0;
      return;
    }
    images_ -= is_image ? 1 : 0;
    const auto [breaks_before, reserved] = open_links_.back();
    open_links_.pop_back();
    if (reserved == nullptr) return;
    *reserved = place_of(link);
    reserved->line -= std::min(reserved->line - 1, line_breaks_ - breaks_before);
  }

  cmark_node* root_;
  SourcePositions& positions_;
  std::string_view markdown_;
  std::optional<MathMark> mark_;  // once there is a formula
  std::uint32_t line_breaks_ = 0;
  struct OpenLink {
    std::uint32_t breaks_before = 0;
    Place* place = nullptr;  // null: of no file and no place on this page
  };
  std::vector<OpenLink> open_links_;  // the links and images around the present node
  int images_ = 0;                    // of them
  std::vector<cmark_node*> headings_, quotes_;
  std::deque<NodeHtml> html_;  // what cmark's tree refers to while it is rendered
  std::string summary_;
};

}  // namespace

RenderedBody render_body(std::string_view markdown, const TitleRule& rule,
                         const std::string& path) {
  const CmarkMemory cmark_memory;
  cmark_llist* extensions_used = nullptr;
  cmark_node* root = [&] {
    const MathScope scope(markdown);
    return parse(markdown, &extensions_used);
  }();
  RenderedBody result;
  SourcePositions positions(path);
  Body body(root, positions, markdown);
  body.walk();
  body.name_headings(rule, result);
  body.rewrite(path);
  result.summary = body.read_summary();
  const char* html = cmark_render_html_with_mem(root, options, extensions_used, &memory());
  auto sanitised = sanitise(html, positions, body.math_attribute());
  // The page's own title carries it.
  if (!result.title_id.empty()) sanitised.anchors.insert(result.title_id.substr(id_prefix.size()));
  result.dead_fragments = settle_page_links(sanitised);
  result.anchors = std::move(sanitised.anchors);
  result.problem = std::move(sanitised.problem);
  result.html = std::move(sanitised.html);
  result.links = std::move(sanitised.links);
  return result;
}

}  // namespace devy::markdown
