#pragma once
// The owners and repositories that an operator's token is for. It is sent for no others: whoever
// could make us fetch a repository would otherwise read with it what the operator can read. Pure;
// any thread.

#include <span>
#include <string>
#include <string_view>

namespace devy::config {

// "alice" or "alice/notes"; deeper paths where the server has them.
[[nodiscard]] bool is_token_scope(std::string_view text);

// Whether the repository "owner/name" is one of `scopes` or belongs to one of them. Upper and lower
// case mean the same, as they do at GitHub.
[[nodiscard]] bool is_in_token_scope(std::span<const std::string> scopes,
                                     std::string_view repository);

}  // namespace devy::config
