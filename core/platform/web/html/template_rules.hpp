#pragma once
// The rules that a template keeps, judged by its text before ctemplate sees it. They close the
// holes of ctemplate's escaping (web.md, "Templates"): the pragma that switches escaping on stands
// first, no modifier switches it off, a URL is one whole `{{…_URL}}`, and no attribute holds script
// or style. Pure; any thread.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace devy::html {

// The names of a template, or of a section in one.
struct TemplateNames {
  std::vector<std::string> values;
  std::vector<std::string> includes;
  std::map<std::string, TemplateNames> sections;
};

// Returns the names. Throws Error(internal), with the file, the line and the rule, for a template
// that breaks one.
TemplateNames check_template(std::string_view file, std::string_view text);

}  // namespace devy::html
