#pragma once
// Chooses the commit that an upload publishes, and fetches it: the branch's tip at claim time, an
// explicit commit, what an earlier attempt had found, or, for a repair, what the blog shows. Throws
// what git::Clone::fetch throws.

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/platform/base/error.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/head_store.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::upload {

// A repository whose last whole fetch had at least this size is large: a fetch that follows an
// earlier one omits its files, and those that changed are prefetched afterwards. Below this size
// another round trip costs more than the bytes.
inline constexpr std::int64_t large_pack_bytes = 1024L * 1024;

// The commit that the blog shows, where it is known when that was made.
[[nodiscard]] std::optional<git::Since> since_head(const publishing::HeadState& head);

// Tells whether most of the files that the fetch would omit are already known.
[[nodiscard]] bool may_leave_files_out(const publishing::HeadState& head);

// `found_before` is the commit of an earlier attempt. When the remote has lost it (a force-push)
// and nobody asked for exactly that commit, the tip is used. The result has no tree when the tip is
// already live.
[[nodiscard]] git::Clone fetch_source(const config::Config& config, const publishing::Blog& blog,
                                      const publishing::Upload& upload,
                                      const publishing::HeadState& head,
                                      const std::optional<std::string>& found_before,
                                      const git::TokenSource& tokens, bool may_be_partial,
                                      const git::OnProgress& on_progress,
                                      const std::stop_token& stop);

// Fetches the tip of the branch that the blog publishes, or exactly `commit`.
[[nodiscard]] git::Clone fetch_blog(const config::Config& config, const publishing::Blog& blog,
                                    const std::optional<std::string>& commit, bool may_be_partial,
                                    const git::OnProgress& on_progress,
                                    const std::stop_token& stop);

// Errors of what needs the commit that the blog shows, `act` being "verify" or "repair": the
// repository no longer has it, or nothing was published yet.
[[nodiscard]] base::Error shown_commit_gone(const char* act, const publishing::Blog& blog);
[[nodiscard]] base::Error nothing_published(const publishing::Blog& blog);

// Whether the error says that there is nothing for us at the address, or nothing of the blog's; any
// other error may be temporary. Whatever answers there afterwards may be another repository of the
// same name.
[[nodiscard]] bool is_gone(std::string_view code);

// For a repository that was gone: its name may have passed to another owner meanwhile, but a
// commit's id cannot. Throws Error(rejected, "history_replaced") unless what is there now has the
// commit that the blog shows; `tip` is the commit at the branch's tip.
void require_same_history(const config::Config& config, const publishing::Blog& blog,
                          const std::string& tip, const git::TokenSource& tokens,
                          const std::stop_token& stop);

// The origin with which the blog's head would be rendered now; it differs from head.origin after an
// upgrade of the renderer.
[[nodiscard]] std::string current_origin(const publishing::HeadState& head);

// The branch to ask for; empty means the remote's default. The `branch` of devy.toml at the head
// takes part in the choice.
[[nodiscard]] std::string branch_of(const publishing::Blog& blog,
                                    const publishing::HeadState& head);

}  // namespace devy::upload
