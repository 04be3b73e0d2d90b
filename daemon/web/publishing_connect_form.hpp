#pragma once
// Reads the form of `/blogs/connect`, and says what was meant by it. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/config/config.hpp"
#include "core/platform/http/server/query.hpp"

namespace devy::daemon {

struct ConnectForm {
  std::string repository, slug, branch;  // as typed, without blanks around them
};
// Reads the fields of a form or of a query: what is missing is empty.
[[nodiscard]] ConnectForm read_connect_form(const server::Fields& fields);

// "owner/name" of what was typed: that itself, or an address at GitHub; nothing when it is neither.
[[nodiscard]] std::optional<std::string> typed_repository(std::string_view text,
                                                          const config::Github& github);
// A blog's name made of a repository's: "My.Notes" becomes "my-notes"; empty when nothing of it can
// stand in one.
[[nodiscard]] std::string slug_of_repository(std::string_view name);
// Whether git takes the name for a branch's.
[[nodiscard]] bool is_branch_name(std::string_view name);

}  // namespace devy::daemon
