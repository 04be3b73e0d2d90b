#pragma once
// A request to a git server over http::Transport, in git's manners, and the transport's failures in
// the words of clone.hpp. Runs in the fetching child.

#include <cstdint>
#include <string>

#include "core/base/secret.hpp"
#include "core/http/transport.hpp"

namespace devy::repository {

// `request.url` is `url`, the repository's, and more. `token` null: none is shown. Throws as
// clone.hpp says; an answer over the transport's limit stays Error "response_too_large".
[[nodiscard]] http::Response send_to_git(http::Transport& transport, http::Request request,
                                         const std::string& url, const base::Secret* token);

}  // namespace devy::repository
