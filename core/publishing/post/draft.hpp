#pragma once
// Decides from the keys of a front matter whether its author wants the post to be seen. Every doubt
// hides: a post that is hidden by mistake costs a warning, one that is shown by mistake cannot be
// taken back. Private to this folder. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "core/publishing/post/front_matter.hpp"

namespace devy::post {

// One key of the front matter. Borrowed from its tree.
struct NamedValue {
  std::string name;      // in lower case, without '-' and '_'
  std::string_view key;  // as written
  const Value* value = nullptr;
};

struct Draft {
  bool is_draft = false;
  std::vector<FrontMatterProblem> warnings;
};

// `members` are all keys of the front matter, also those that are there twice.
[[nodiscard]] Draft read_draft(const std::vector<NamedValue>& members);

}  // namespace devy::post
