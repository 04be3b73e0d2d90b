#pragma once
// HTML text as the tree that an HTML5 parser makes of it, in the context of a <body>. The only
// place that calls gumbo.
//
// The tree's memory is an arena (arena.hpp). gumbo has no way out of an allocation that fails, so
// this ends the process then (status child_out_of_memory). One thread. Throws std::bad_alloc.

#include <string_view>

namespace devy::markdown {

class Sanitiser;

// Walks the tree of `html`, which is valid UTF-8, into `out`.
void walk_html(std::string_view html, Sanitiser& out);

}  // namespace devy::markdown
