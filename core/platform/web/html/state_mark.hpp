#pragma once
// The one table of states: the mark beside a state's word. Templates never choose. A state is a
// mark and a word, never colour alone (web.md, "Accessible"):
// `<span class="st {{X_MARK}}">{{X}}</span>`. Constants; any thread.

#include <string_view>

#include "core/platform/web/html/page.hpp"

namespace devy::html {

// The class of the mark, as app.css draws it; empty is a ring. A word that the table does not have
// gets a ring too: a state that a later version knows must not fail a page.
[[nodiscard]] std::string_view mark_of(std::string_view state);
// Tells whether the table has the word: tests ask for every state of every system.
[[nodiscard]] bool has_mark(std::string_view state);

// The two names of one state.
struct StateNames {
  Name mark;
  Name word;
};

void set_state(Fill& fill, StateNames names, std::string_view state);

}  // namespace devy::html
