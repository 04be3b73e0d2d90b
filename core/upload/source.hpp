#pragma once
// Which commit an upload publishes, and its fetch: the branch's tip at claim time, an explicit
// commit, or what an earlier attempt had found. Throws what repository::Clone::fetch throws.

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "core/config/config.hpp"
#include "core/repository/clone.hpp"
#include "core/store/blog_store.hpp"
#include "core/store/publish_store.hpp"
#include "core/store/upload_store.hpp"

namespace devy::upload {

// A repository whose last whole fetch took this much is large: its files are left out of a fetch
// that follows an earlier one, and those that changed are brought. Below, another round trip costs
// more than the bytes.
inline constexpr std::int64_t large_pack_bytes = 1024L * 1024;

// Whether most of what the fetch leaves out is known already.
[[nodiscard]] bool may_leave_files_out(const store::HeadState& head);

// `found_before` is the commit of an earlier attempt; when the remote has lost it (a force-push)
// and nobody asked for exactly it, the tip is taken. Without a tree: the tip is already live.
[[nodiscard]] repository::Clone fetch_source(
    const config::Config& config, const store::Blog& blog, const store::Upload& upload,
    const store::HeadState& head, const std::optional<std::string>& found_before,
    const repository::TokenSource& tokens, bool may_be_partial,
    const repository::OnProgress& on_progress, const std::stop_token& stop);

// The tip of the branch that the blog publishes, or exactly `commit`.
[[nodiscard]] repository::Clone fetch_blog(const config::Config& config, const store::Blog& blog,
                                           const std::optional<std::string>& commit,
                                           bool may_be_partial,
                                           const repository::OnProgress& on_progress,
                                           const std::stop_token& stop);

// What the blog's head would be rendered with now: differs from head.origin after an upgrade of the
// renderer.
[[nodiscard]] std::string current_origin(const store::HeadState& head);

// The branch to ask for; empty: the remote's default. devy.toml's `branch` as of the head counts.
[[nodiscard]] std::string branch_of(const store::Blog& blog, const store::HeadState& head);

}  // namespace devy::upload
