#pragma once
// How a preview's pages look: light or dark as the reader's system is, a measure that can be read,
// and something for each thing that Markdown makes. One <style> element, so that a page is whole by
// itself. Constant.

#include <string_view>

namespace devy::preview {

extern const std::string_view style;

}  // namespace devy::preview
