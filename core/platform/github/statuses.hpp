#pragma once
// Commit statuses: the marks that GitHub shows beside a commit (github.md, "Status back"). Setting
// the same status twice is harmless. Uses a Client, with its threads and errors.

#include <optional>
#include <string>

#include "core/platform/github/client.hpp"

namespace devy::github {

inline constexpr const char* status_context = "devy";
inline constexpr std::size_t description_characters_max = 140;

enum class StatusState { pending, success, failure, error };
[[nodiscard]] std::string_view to_string(StatusState state);

struct Status {
  StatusState state = StatusState::pending;
  std::string description;  // cut at 140 characters when it is sent
  std::string target_url;   // empty: none
  bool operator==(const Status&) const = default;
};

struct StatusCall {
  std::string repository;  // "owner/name"
  std::string commit;
  Status status;
};
// Returns true when the repository was found under another name, which ask_repository() then
// reports (repositories.hpp).
bool set_status(Client& client, const base::Secret& bearer, const StatusCall& call);

// Cuts the text to at most `characters_max` characters of UTF-8, the last of them "…" when
// something was cut, and removes control characters.
[[nodiscard]] std::string cut_text(std::string_view text, std::size_t characters_max);

}  // namespace devy::github
