#pragma once
// A line of a page that is more than plain text: words, code, links, states and times one after the
// other, as in a log, a fact or a message. It fills the template part_sentence, where a template
// says
// `{{>X}}`:
//
//   html::Sentence(entry.include(part_log::entry_text, part_sentence::template_file))
//       .text("attempt 12 failed at publish: ").code("database_timeout");
//
// Blanks between the pieces are the caller's. It borrows the Fill. One thread at a time.

#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/web/html/page.hpp"

namespace devy::html {

class Sentence {
 public:
  explicit Sentence(Fill& fill) : fill_(fill) {}
  // Includes part_sentence at the name, and fills that.
  Sentence(Fill& around, Include name);

  Sentence& text(std::string_view words);
  Sentence& strong(std::string_view words);
  // Words of less weight, which explain those before.
  Sentence& soft(std::string_view words);
  Sentence& code(std::string_view words);
  Sentence& link(const Url& url, std::string_view words);
  // A link whose words are an id, a commit or a code.
  Sentence& code_link(const Url& url, std::string_view words);
  Sentence& state(std::string_view state);
  // As clock_text() and age_text() write them. A reader may have clocks shown in local time, so no
  // "UTC" stands behind them; the footer says which it is.
  Sentence& clock(base::TimePoint time, base::TimePoint now);
  Sentence& age(base::TimePoint time, base::TimePoint now);

 private:
  Fill& fill_;
};

// A list of facts, each a name and a sentence: the template part_facts in a `dl class="kv"`.
class Facts {
 public:
  explicit Facts(Fill& fill) : fill_(fill) {}
  // Includes part_facts at the name, and fills that.
  Facts(Fill& around, Include name);

  Sentence add(std::string_view name);
  // A whole id, in mono.
  void add_id(std::string_view name, std::string_view id);

 private:
  Fill& fill_;
};

}  // namespace devy::html
