#pragma once
// The marker that ends the note of each activity: "devy:<item>/<number>". By it an activity is
// found again whose answer was lost. Items are random and known to the CRM alone, so no gist's text
// imitates one. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::crm {

struct Marker {
  std::string item;  // a UUID
  int number = 0;    // the version of the file
  bool operator==(const Marker&) const = default;
};

[[nodiscard]] std::string to_string(const Marker& marker);  // "devy:<item>/<number>"
// The marker in the last paragraph of a note as the CRM gives it back; nothing when the note ends
// otherwise. Elements inside the paragraph and blanks around the marker, which editors add, do not
// matter.
[[nodiscard]] std::optional<Marker> marker_of(std::string_view note);

}  // namespace devy::crm
