#pragma once
// The errors of a remote, each with its stable code, cause and hint: the list in clone.hpp. Pure;
// any thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/error.hpp"
#include "core/platform/git/git_handle.hpp"

namespace devy::git {

// The text is "unable to fetch '<url>': <cause>", redacted.
[[nodiscard]] base::Error fetch_error(base::ErrorKind kind, std::string_view code,
                                      std::string_view url, std::string_view cause,
                                      std::string_view hint);

struct HttpFailure {
  int status = 0;
  bool has_token = false;         // a token was sent and refused
  bool is_asked_to_wait = false;  // the response has a Retry-After
};
// For any status except 200 and redirects.
[[nodiscard]] base::Error http_error(std::string_view url, const HttpFailure& failure);

struct TransferState {
  bool has_token = false;
  bool has_received = false;  // a part of the pack had arrived
  bool is_too_large = false;  // our own callback stopped it
};
// For a failure of libgit2 after the references were read.
[[nodiscard]] base::Error transfer_error(std::string_view url, const GitFailure& failure,
                                         const TransferState& state);

[[nodiscard]] base::Error branch_gone(std::string_view url, std::string_view branch);
[[nodiscard]] base::Error commit_gone(std::string_view url, std::string_view commit);
[[nodiscard]] base::Error repository_empty(std::string_view url);
[[nodiscard]] base::Error repository_not_found(std::string_view url, bool has_token);
[[nodiscard]] base::Error repository_moved(std::string_view url, std::string_view new_url,
                                           std::string_view why);
[[nodiscard]] base::Error pack_broken(std::string_view url, std::string_view cause);
[[nodiscard]] base::Error fetch_stalled(std::string_view url);
[[nodiscard]] base::Error fetch_timed_out(std::string_view url);

}  // namespace devy::git
