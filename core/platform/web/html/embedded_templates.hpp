#pragma once
// The texts of templates/*.tpl, as the build has put them into the program. Constants; any thread.

#include <span>
#include <string_view>

namespace devy::html {

struct TemplateSource {
  std::string_view file;  // without its ending
  std::string_view text;
};

// In order of their names.
[[nodiscard]] std::span<const TemplateSource> embedded_templates();

}  // namespace devy::html
