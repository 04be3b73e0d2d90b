#pragma once
// Reads HTML that is so regular that its tree can be seen without a parser: lower-case names of
// listed elements, values in double quotes, every end tag written, nothing that an HTML5 parser
// would move, close or repair. That is what cmark makes of nearly every post, and this is ten times
// as fast as gumbo. It decides nothing about safety: what it reads goes through the same Sanitiser.
// Pure; any thread. Throws std::bad_alloc.

#include <string_view>

namespace devy::markdown {

class Sanitiser;

// True when all of `html`, which is valid UTF-8, went to `out`, as walk_html would have fed it.
// False as soon as anything looks unusual; `out` is of no use then.
[[nodiscard]] bool scan_html(std::string_view html, Sanitiser& out);

}  // namespace devy::markdown
