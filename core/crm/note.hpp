#pragma once
// The note of an activity: HTML of our own, in which the text of a stranger is text. It has no
// elements but p, a and pre, and ends with the marker (marker.hpp). Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/crm/marker.hpp"

namespace devy::crm {

struct Note {
  std::string filename;
  std::string url;         // where a person reads it; made a link when it is http or https
  std::uint64_t size = 0;  // bytes of the whole file
  std::string found_at;    // as it is to be shown
  std::optional<std::string> text = {};  // its first bytes or all; nothing: only facts are told
  std::string remark = {};               // why there is no text: a sentence, or empty
  Marker marker;
};

// At most `bytes_max` bytes, unless the facts alone are longer, which takes a name of hundreds of
// quotes: text is cut at a character, and a sentence says so. Control characters and bytes that are
// no UTF-8 become U+FFFD.
[[nodiscard]] std::string build_note(const Note& note, std::size_t bytes_max);

// A filename as an activity's subject: at most 255 characters without control characters.
[[nodiscard]] std::string subject_of(std::string_view filename);

}  // namespace devy::crm
