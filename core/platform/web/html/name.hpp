#pragma once
// The typed names of what a template wants. The constants are generated from each template at build
// time: `{{BLOG_URL}}` of templates/operations.tpl is html::operations::blog_url in the header
// html_names/operations.hpp, and a name that the template does not have does not compile. How a
// name ends, and how the template uses it, decides its type:
//
//   {{#ROW}} … {{/ROW}}        Section     repeated, or shown once
//   {{>CONTENT}}               Include     a template inside a template
//   {{BLOG_URL}}               UrlName     a whole URL attribute
//   {{POLL_SECONDS}} {{DONE_NUMBER}} {{DONE_MAX}}  NumberName  digits alone
//   {{ANYTHING_ELSE}}          Name        text
//
// `template_file` beside them is the template itself. Constants; any thread.

#include <string_view>

namespace devy::html {

struct Name {
  std::string_view text;
};

struct NumberName {
  std::string_view text;
};

struct UrlName {
  std::string_view text;
};

struct Section {
  std::string_view text;
};

struct Include {
  std::string_view text;
};

// A file of templates/, without its ending.
struct Template {
  std::string_view file;
};

}  // namespace devy::html
