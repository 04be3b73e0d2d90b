#pragma once
// Reads HTML that is so regular that its tree is evident without a parser: lower-case names of
// listed elements, values in double quotes, every end tag written, nothing that an HTML5 parser
// would move, close or repair. cmark's output for nearly every post is of this kind, and this is
// ten times as fast as gumbo. It is not relied on for safety: what it reads goes through the same
// Sanitiser. Pure; any thread. Throws std::bad_alloc.

#include <string_view>

namespace devy::markdown {

class Sanitiser;

// Returns true when all of `html`, which is valid UTF-8, was passed to `out` as walk_html would
// have done. Returns false as soon as anything looks unusual; `out` must then be discarded.
[[nodiscard]] bool scan_html(std::string_view html, Sanitiser& out);

}  // namespace devy::markdown
