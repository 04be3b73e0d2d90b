#pragma once
// Pages filled with invented data, straight from what their templates want: for looking at them
// before anything real fills them, and for putting hostile text into every place there is. Any
// thread.

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "core/platform/web/html/page.hpp"

namespace devy::testing {

struct SampleOptions {
  // Sections that are not shown, beside those that exclude a shown one.
  std::set<std::string> hidden = {};
  // Sections that are shown in place of what excludes them, like "EMPTY" for "ROWS".
  std::set<std::string> shown = {};
  // What stands at each text name, in place of the invented data.
  std::function<std::string(std::string_view name)> text = {};
  // Where each URL name leads, in place of the sample operation.
  std::function<html::Url(std::string_view name)> url = {};
  int poll_seconds = 34;
  bool is_plain = false;  // of logins and errors, whose layout has no navigation
};

// The whole page, layout and all.
[[nodiscard]] std::string sample_page(html::Template page, const SampleOptions& options = {});
// The template by itself.
[[nodiscard]] std::string sample_part(html::Template part, const SampleOptions& options = {});

}  // namespace devy::testing
