#pragma once
// Finds the tags of HTML one after the other in a linear pass. It is not a parser: it recognises
// neither comments nor elements whose content is not HTML. Pure; any thread.

#include <cstddef>
#include <optional>
#include <string_view>

namespace devy::markdown {

struct TagText {
  std::string_view name;  // as written; borrowed from the HTML
  // Number of words behind the name; at least the number of attributes, not counting attributes
  // that have no blank between them.
  std::size_t words = 0;
  bool is_end = false;
  bool is_self_closing = false;  // ends with "/>"
};

// Tells whether the text begins with a tag.
[[nodiscard]] bool begins_tag(std::string_view html);

// Removes everything up to the ">" of the first tag and returns that tag; nothing when there is
// none.
[[nodiscard]] std::optional<TagText> read_tag(std::string_view& html);

}  // namespace devy::markdown
