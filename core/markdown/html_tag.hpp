#pragma once
// Tags, one after the other, as a linear look through HTML finds them. Not a parser: it knows
// neither comments nor elements whose content is no HTML. Pure; any thread.

#include <cstddef>
#include <optional>
#include <string_view>

namespace devy::markdown {

struct TagText {
  std::string_view name;  // as it was written, in the HTML it was read from
  // Of what follows the name; no fewer than its attributes but for those without a blank between.
  std::size_t words = 0;
  bool is_end = false;
  bool is_self_closing = false;  // ends with "/>"
};

// Whether it begins with one.
[[nodiscard]] bool begins_tag(std::string_view html);

// Takes all up to the ">" of the first tag; nothing where there is none.
[[nodiscard]] std::optional<TagText> take_tag(std::string_view& html);

}  // namespace devy::markdown
