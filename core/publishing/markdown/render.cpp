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
#include "core/publishing/markdown/node_html.hpp"
#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/markdown/source_positions.hpp"
#include "core/publishing/markdown/task_list.hpp"

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
const std::array<cmark_syntax_extension*, 5>& extensions() {
  static const auto found = [] {
    cmark_gfm_core_extensions_ensure_registered();
    return std::array{
        cmark_find_syntax_extension("table"), cmark_find_syntax_extension("strikethrough"),
        cmark_find_syntax_extension("autolink"), cmark_find_syntax_extension("tasklist"),
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

// Walks the tree once: notes headings, the first paragraph and where files are named.
class Body {
 public:
  Body(cmark_node* root, SourcePositions& positions) : root_(root), positions_(positions) {}

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
  void name_headings(bool takes_title, RenderedBody& body) {
    HeadingIds ids;
    for (cmark_node* heading : headings_) {
      std::string id = ids.next(text_of(heading, TextOf::heading_id));
      std::string text = plain_text(text_of(heading, TextOf::reading));
      const int level = cmark_node_get_heading_level(heading);
      if (takes_title && body.title.empty() && level == 1 && !text.empty() &&
          is_top_level(heading)) {
        body.title = shorten(text, title_characters_max);
        body.title_id = id;
        cmark_node_unlink(heading);
        cmark_node_free(heading);
        continue;
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

 private:
  void visit(cmark_node* node) {
    const auto type = cmark_node_get_type(node);
    if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
      ++line_breaks_;
    } else if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
      const char* html = cmark_node_get_literal(node);
      if (html != nullptr) positions_.add_html(html, place_of(node));
    } else if (type == CMARK_NODE_HEADING) {
      headings_.push_back(node);
    } else if (type == CMARK_NODE_CODE_BLOCK) {
      cut_language(node);
    } else if (type == CMARK_NODE_BLOCK_QUOTE && is_top_level(node)) {
      quotes_.push_back(node);
    } else if (type == CMARK_NODE_ITEM && cmark_node_get_syntax_extension(node) != nullptr) {
      mark_task(node, html_);
    } else if (type == CMARK_NODE_PARAGRAPH && summary_.empty() && is_top_level(node)) {
      summary_ = shorten(plain_text(text_of(node, TextOf::reading)), summary_characters_max);
    }
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

RenderedBody render_body(std::string_view markdown, bool takes_title, const std::string& path) {
  const CmarkMemory cmark_memory;
  cmark_parser* parser = cmark_parser_new_with_mem(options, &memory());
  for (auto* extension : extensions())
    cmark_parser_attach_syntax_extension(parser, extension);
  cmark_parser_feed(parser, markdown.data(), markdown.size());
  cmark_node* root = cmark_parser_finish(parser);
  RenderedBody result;
  SourcePositions positions(path);
  Body body(root, positions);
  body.walk();
  body.name_headings(takes_title, result);
  body.rewrite(path);
  result.summary = body.read_summary();
  const char* html = cmark_render_html_with_mem(
      root, options, cmark_parser_get_syntax_extensions(parser), &memory());
  auto sanitised = sanitise(html, positions);
  if (!result.title_id.empty()) sanitised.anchors.insert(result.title_id);
  result.dead_fragments = settle_page_links(sanitised);
  result.anchors = std::move(sanitised.anchors);
  result.problem = std::move(sanitised.problem);
  result.html = std::move(sanitised.html);
  result.links = std::move(sanitised.links);
  return result;
}

}  // namespace devy::markdown
