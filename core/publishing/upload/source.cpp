#include "core/publishing/upload/source.hpp"

#include <algorithm>
#include <array>

#include "core/publishing/blog/settings.hpp"
#include "core/publishing/upload/remote_tokens.hpp"
#include "core/publishing/upload/tree.hpp"

namespace devy::upload {
namespace {

using base::Error;
using git::Clone;
using git::FetchRequest;
using snapshot::CommitId;

std::optional<CommitId> parse_commit(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const auto commit = CommitId::parse(*text);
  if (!commit)
    throw Error(base::ErrorKind::usage, "unable to use commit '" + *text + "'",
                "Give the full 40 hexadecimal digits.");
  return commit;
}

// An invalid devy.toml names no branch: the snapshot step reports what is wrong with it, once the
// commit is recorded.
std::optional<std::string> branch_in_settings(const Clone& clone, const config::Limits& limits) {
  try {
    return read_settings(clone, limits).settings.branch;
  } catch (const Error& error) {
    if (error.kind() != base::ErrorKind::rejected) throw;
    return std::nullopt;
  }
}

// The default branch's devy.toml may name another branch; that branch's own is then not asked
// again.
Clone follow_settings_branch(const config::Config& config, Clone clone, FetchRequest request,
                             const git::OnProgress& on_progress, const std::stop_token& stop) {
  if (!clone.has_tree()) return clone;
  const auto branch = branch_in_settings(clone, config.limits);
  if (!branch || *branch == clone.tip().branch) return clone;
  request.branch = *branch;
  request.skip_if_tip_is = std::nullopt;
  return Clone::fetch(config, request, on_progress, stop);
}

// The commit that a repair publishes, whatever it was when the repair was recorded.
std::optional<std::string> shown_commit(const publishing::Blog& blog,
                                        const publishing::HeadState& head) {
  if (!head.commit) throw nothing_published(blog);
  return head.commit;
}

}  // namespace

Error nothing_published(const publishing::Blog& blog) {
  return {base::ErrorKind::conflict,
          "unable to repair '" + blog.address() + "': nothing is published yet",
          "Publish its branch's tip with `devy-upload trigger " + blog.address() + "`.",
          "nothing_published"};
}

Error shown_commit_gone(const char* act, const publishing::Blog& blog) {
  return {base::ErrorKind::rejected,
          std::string("unable to ") + act + " '" + blog.address() +
              "': its repository no longer has the commit that it shows, " +
              blog.head_commit.value_or("none"),
          "A forced push may have removed it. Its posts stay; to publish the branch's tip instead, "
          "run `devy-upload trigger " +
              blog.address() + "`.",
          "commit_gone"};
}

std::string current_origin(const publishing::HeadState& head) {
  return blog::origin_digest(settings_from_json(head.settings_json));
}

std::optional<git::Since> since_head(const publishing::HeadState& head) {
  if (!head.committed_at) return std::nullopt;
  return git::Since(*head.committed_at, parse_commit(head.commit));
}

bool may_leave_files_out(const publishing::HeadState& head) {
  return head.commit && head.origin == current_origin(head) &&
         head.pack_bytes.value_or(0) >= large_pack_bytes;
}

std::string branch_of(const publishing::Blog& blog, const publishing::HeadState& head) {
  if (blog.branch) return *blog.branch;
  return settings_from_json(head.settings_json).branch.value_or("");
}

Clone fetch_source(const config::Config& config, const publishing::Blog& blog,
                   const publishing::Upload& upload, const publishing::HeadState& head,
                   const std::optional<std::string>& found_before, const git::TokenSource& tokens,
                   bool may_be_partial, const git::OnProgress& on_progress,
                   const std::stop_token& stop) {
  FetchRequest request{
      blog.repository_url, upload.ref.value_or(blog.branch.value_or("")), {}, {}, tokens,
      may_be_partial};
  request.github_id = blog.github_id;
  request.brings_parents = head.commit.has_value();
  request.commit =
      parse_commit(upload.is_repair() ? shown_commit(blog, head) : upload.requested_commit);
  const bool is_resumed = !request.commit && found_before;
  if (is_resumed) request.commit = parse_commit(found_before);
  const bool follows_settings = request.branch.empty() && !request.commit;
  // A repair or a replay looks at everything again, even where the tip is the head.
  const bool may_skip = !upload.is_repair() && upload.replay_count == 0 && head.commit &&
                        !head.pinned_commit && head.origin == current_origin(head) &&
                        !(follows_settings && settings_from_json(head.settings_json).branch);
  if (may_skip) request.skip_if_tip_is = CommitId::parse(*head.commit);
  try {
    auto clone = Clone::fetch(config, request, on_progress, stop);
    if (follows_settings)
      return follow_settings_branch(config, std::move(clone), request, on_progress, stop);
    return clone;
  } catch (const Error& error) {
    if (error.code() == "commit_gone" && upload.is_repair())
      throw shown_commit_gone("repair", blog);
    if (!is_resumed || error.code() != "commit_gone") throw;
    return fetch_source(config, blog, upload, head, std::nullopt, tokens, may_be_partial,
                        on_progress, stop);
  }
}

bool is_gone(std::string_view code) {
  constexpr std::array<std::string_view, 5> codes{"repository_not_found", "authentication_required",
                                                  "repository_moved", "repository_replaced",
                                                  "history_replaced"};
  return std::ranges::find(codes, code) != codes.end();
}

void require_same_history(const config::Config& config, const publishing::Blog& blog,
                          const std::string& tip, const git::TokenSource& tokens,
                          const std::stop_token& stop) {
  if (!blog.head_commit || tip == *blog.head_commit) return;
  FetchRequest request{blog.repository_url};
  request.commit = parse_commit(blog.head_commit);
  request.tokens = tokens;
  request.may_be_partial = true;
  request.github_id = blog.github_id;
  try {
    static_cast<void>(Clone::fetch(config, request, {}, stop));
  } catch (const Error& error) {
    if (error.code() != "commit_gone") throw;
    throw Error(base::ErrorKind::rejected,
                "unable to go on with '" + blog.repository_url +
                    "': it does not have the commit that the blog shows",
                "If it is the right repository, disconnect the blog and connect it again.",
                "history_replaced");
  }
}

Clone fetch_blog(const config::Config& config, const publishing::Blog& blog,
                 const std::optional<std::string>& commit, bool may_be_partial,
                 const git::OnProgress& on_progress, const std::stop_token& stop) {
  const FetchRequest request{
      blog.repository_url,   blog.branch.value_or(""), parse_commit(commit), {},
      remote_tokens(config), may_be_partial,           blog.github_id};
  auto clone = Clone::fetch(config, request, on_progress, stop);
  if (!request.branch.empty() || commit) return clone;
  return follow_settings_branch(config, std::move(clone), request, on_progress, stop);
}

}  // namespace devy::upload
