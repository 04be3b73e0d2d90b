#pragma once
// Sends a request to a git server over http::Transport with git's headers, and converts the
// transport's failures to the errors of clone.hpp. Runs in the fetching child.

#include <cstdint>
#include <string>

#include "core/platform/base/secret.hpp"
#include "core/platform/http/transport.hpp"

namespace devy::git {

// `request.url` is `url`, the repository's, with a suffix. With a null `token` none is sent. Throws
// what clone.hpp says; a response over the transport's limit stays Error "response_too_large".
[[nodiscard]] http::Response send_to_git(http::Transport& transport, http::Request request,
                                         const std::string& url, const base::Secret* token,
                                         const http::OnBody& on_body = {});

}  // namespace devy::git
