#pragma once
// A thing that can be loaded, as people write it: "alice" (her repositories), "alice/notes",
// "alice/notes/issues", "alice/notes/issues/7". Pure; any thread.

#include <string>
#include <string_view>

namespace devy::scan {

struct Target {
  std::string repository;  // "owner/name"; of a user the login alone
  std::string list;        // empty: the repository itself
  std::string key;         // of one item of the list; empty: the list

  [[nodiscard]] bool is_user() const { return repository.find('/') == repository.npos; }
  [[nodiscard]] std::string text() const;
};

// Throws Error(usage) with the forms that there are.
[[nodiscard]] Target parse_target(std::string_view text);

}  // namespace devy::scan
