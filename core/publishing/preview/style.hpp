#pragma once
// The style of a preview's pages: light or dark as the reader's system is, a readable line length,
// and rules for every element that Markdown produces. It is one <style> element, so that a page
// needs no other file. Constant.

#include <string_view>

namespace devy::preview {

extern const std::string_view style;

}  // namespace devy::preview
