#pragma once
// Asks a remote for its references: over HTTP through http::Transport, so that status and redirects
// are known; for a repository on this disk through libgit2. Runs in the fetching child.

#include <string>
#include <variant>

#include "core/platform/base/secret.hpp"
#include "core/platform/git/fetch_message.hpp"
#include "core/platform/git/ref_advertisement.hpp"
#include "core/platform/http/transport.hpp"

namespace devy::git {

// Limit for a reference advertisement: room for some hundred thousand references.
inline constexpr std::uint64_t advertisement_bytes_max = std::uint64_t{64} * 1024 * 1024;

struct RemoteAnswer {
  RefAdvertisement refs;
  bool needs_token = false;  // the request without the token was refused
};

// Throws what clone.hpp says. The token is never sent to a repository that responds without it.
[[nodiscard]] std::variant<RemoteAnswer, MovedTo> ask_http_refs(http::Transport& transport,
                                                                const std::string& url,
                                                                const base::Secret& token);
[[nodiscard]] RefAdvertisement ask_file_refs(const std::string& url);

// Returns the branch to publish: the named one, else the one HEAD points to. Throws
// repository_empty and branch_gone.
[[nodiscard]] const RemoteRef& choose_branch(const RefAdvertisement& refs, const std::string& url,
                                             const std::string& branch);

}  // namespace devy::git
