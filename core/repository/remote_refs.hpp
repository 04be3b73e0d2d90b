#pragma once
// Asks a remote for its references: over HTTP through http::Transport, so that status and redirects
// are known; for a repository on this disk through libgit2. Runs in the fetching child.

#include <string>
#include <variant>

#include "core/base/secret.hpp"
#include "core/http/transport.hpp"
#include "core/repository/fetch_message.hpp"
#include "core/repository/ref_advertisement.hpp"

namespace devy::repository {

// What a reference advertisement may take: some hundred thousand references.
inline constexpr std::uint64_t advertisement_bytes_max = std::uint64_t{64} * 1024 * 1024;

struct RemoteAnswer {
  RefAdvertisement refs;
  bool needs_token = false;  // it was refused without
};

// Throws as clone.hpp says. A repository that answers without the token is never shown the token.
[[nodiscard]] std::variant<RemoteAnswer, MovedTo> ask_http_refs(http::Transport& transport,
                                                                const std::string& url,
                                                                const base::Secret& token);
[[nodiscard]] RefAdvertisement ask_file_refs(const std::string& url);

// The branch to publish: the one named, else the one HEAD points to. Throws repository_empty and
// branch_gone.
[[nodiscard]] const RemoteRef& choose_branch(const RefAdvertisement& refs, const std::string& url,
                                             const std::string& branch);

}  // namespace devy::repository
