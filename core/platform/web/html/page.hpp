#pragma once
// HTML made from templates: what is put into one, and its rendering. The only home of ctemplate
// (web.md, "Templates"), which escapes each value by the place it stands at.
//
//   html::Fill fill;
//   fill.set(html::operations::title, "Failed operations");
//   auto& row = fill.add(html::operations::row);
//   row.set(html::operations::id, id);
//   return html::render(html::operations::template_file, fill);
//
// Templates are embedded in the program, checked and loaded when the first page is rendered, or by
// load_templates(), and never change afterwards. Rendering may run on any thread; a Fill belongs to
// one thread at a time.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/web/html/name.hpp"
#include "core/platform/web/html/url.hpp"

namespace devy::html {

inline constexpr std::size_t page_bytes_max = 2U << 20;

// Holds the values that a template is filled with. There is no setter for HTML. In text, bytes that
// are not UTF-8, control characters and bidirectional overrides become visible replacements
// (shown_text.hpp).
class Fill {
 public:
  Fill();
  ~Fill();
  Fill(const Fill&) = delete;
  Fill& operator=(const Fill&) = delete;

  // Each copies its value. A name that is set twice has the value that was set last. A section sees
  // the names of what surrounds it; an included template sees only its own.
  void set(Name name, std::string_view text);
  // With thin groups, for people: 1 204 (number_text.hpp).
  void set(Name name, std::int64_t number);
  void set(NumberName name, std::int64_t number);
  void set_url(UrlName name, const Url& url);

  // One more repetition of a section, which is not shown without any. The returned Fill lives as
  // long as this one.
  Fill& add(Section section);
  // Shows a section once, for what has no names of its own.
  void show(Section section);
  // Puts a template into the place of `{{>NAME}}`; called again, it is put there once more.
  Fill& include(Include name, Template file);

 private:
  struct Content;
  explicit Fill(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;

  friend struct FillReader;
};

// The page or the part. Throws Error(internal) for more than page_bytes_max, and, in debug builds,
// when a name of the template was not set: an unknown name would expand to nothing in silence.
[[nodiscard]] std::string render(Template file, const Fill& fill);

// Names of the template, of its sections that are shown and of its includes that nobody has set, as
// "operations/ROW/AGE". A section that is not shown wants nothing.
[[nodiscard]] std::vector<std::string> unset_names(Template file, const Fill& fill);

// Checks and loads all templates. Throws Error(internal) for one that breaks a rule
// (template_rules.hpp); call it at the start, so that no page is the first to tell.
void load_templates();
[[nodiscard]] std::span<const Template> all_templates();

}  // namespace devy::html
