#include "core/platform/web/html/sentence.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "html_names/part_facts.hpp"
#include "html_names/part_sentence.hpp"

namespace devy::html {
namespace {

Fill& add_piece(Fill& fill, Section kind, std::string_view words) {
  auto& piece = fill.add(part_sentence::piece).add(kind);
  piece.set(part_sentence::words, words);
  return piece;
}

}  // namespace

Sentence::Sentence(Fill& around, Include name)
    : fill_(around.include(name, part_sentence::template_file)) {}

Sentence& Sentence::text(std::string_view words) {
  add_piece(fill_, part_sentence::plain, words);
  return *this;
}

Sentence& Sentence::strong(std::string_view words) {
  add_piece(fill_, part_sentence::strong, words);
  return *this;
}

Sentence& Sentence::soft(std::string_view words) {
  add_piece(fill_, part_sentence::soft, words);
  return *this;
}

Sentence& Sentence::code(std::string_view words) {
  add_piece(fill_, part_sentence::code, words);
  return *this;
}

Sentence& Sentence::link(const Url& url, std::string_view words) {
  add_piece(fill_, part_sentence::link, words).set_url(part_sentence::piece_url, url);
  return *this;
}

Sentence& Sentence::code_link(const Url& url, std::string_view words) {
  add_piece(fill_, part_sentence::code_link, words).set_url(part_sentence::piece_url, url);
  return *this;
}

Sentence& Sentence::state(std::string_view state) {
  add_piece(fill_, part_sentence::state, state).set(part_sentence::state_mark, mark_of(state));
  return *this;
}

Sentence& Sentence::clock(base::TimePoint time, base::TimePoint now) {
  add_piece(fill_, part_sentence::clock, clock_text(time, now))
      .set(part_sentence::time_utc, base::format_rfc3339(time));
  return *this;
}

Sentence& Sentence::age(base::TimePoint time, base::TimePoint now) {
  add_piece(fill_, part_sentence::age, age_text(time, now))
      .set(part_sentence::time_utc, base::format_rfc3339(time));
  return *this;
}

Facts::Facts(Fill& around, Include name) : fill_(around.include(name, part_facts::template_file)) {}

Sentence Facts::add(std::string_view name) {
  auto& fact = fill_.add(part_facts::fact);
  fact.set(part_facts::fact_name, name);
  return {fact.add(part_facts::sentence), part_facts::fact_text};
}

void Facts::add_id(std::string_view name, std::string_view id) {
  auto& fact = fill_.add(part_facts::fact);
  fact.set(part_facts::fact_name, name);
  fact.add(part_facts::whole_id).set(part_facts::id, id);
}

}  // namespace devy::html
